'use strict'

const fs = require('fs')

const UNITS = { ms: 1, s: 1000, m: 60000, h: 3600000 }

/** Milliseconds that running calls may take to finish after SIGTERM: write_timeout, as 10s. */
function drainMillis () {
  const text = (process.env.write_timeout || '30s').trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  let total = 0
  for (const [, digits, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) {
    total += Number(digits) * UNITS[unit]
  }
  return total || 30000
}

/** Listens on BARISTA_SOCKET if that is set, else on PORT; ends on SIGTERM after its calls. */
exports.start = function (server) {
  // The gateway keeps its connections and has the timeouts.
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.timeout = 0
  const path = process.env.BARISTA_SOCKET
  if (path) {
    fs.rmSync(path, { force: true })
    server.listen({ path, backlog: 1024 })
  } else {
    server.listen({
      port: Number(process.env.PORT || 8080),
      host: process.env.BARISTA_HOST || '127.0.0.1',
      backlog: 1024
    })
  }
  process.on('SIGTERM', () => {
    setTimeout(() => process.exit(0), drainMillis()).unref()
    server.close(() => process.exit(0))
    server.closeIdleConnections()
  })
}

/** The handler: what function/handler.js exports, as a CommonJS or an ES module. */
exports.load = async function (file) {
  let module
  try {
    module = require(file)
  } catch (e) {
    if (e.code === 'ERR_REQUIRE_ESM' || e instanceof SyntaxError) {
      module = await import(file)
    } else {
      if (e.code === 'MODULE_NOT_FOUND' && !String(e.message).split('\n')[0].includes(file)) {
        console.error(e.message.split('\n')[0] +
          ': name it under "dependencies" in package.json and build again')
        process.exit(1)
      }
      throw e
    }
  }
  const handler = typeof module === 'function' ? module : module.default || module.handle
  if (typeof handler !== 'function') {
    console.error('handler.js exports no function (expected: module.exports = async (event, context) => …)')
    process.exit(1)
  }
  return handler
}
