'use strict'

const body = require('./body')

const FAILED = 'the function raised an exception: see its log\n'

/** The function's view of its answer: status, headers, and that it is done. */
class Context {
  #code = 200
  #values = {}
  #done
  cbCalled = 0

  constructor (done) {
    this.#done = done
  }

  status (code) {
    if (!code) return this.#code
    this.#code = code
    return this
  }

  headers (values) {
    if (!values) return this.#values
    this.#values = values
    return this
  }

  succeed (value) {
    this.cbCalled++
    this.#done(undefined, value)
  }

  fail (value) {
    this.cbCalled++
    if (this.#code === 200) this.#code = 500
    this.#done(value === undefined || value === null || value === '' ? new Error('failed') : value)
  }
}

/** Calls the handler and answers once, however it says that it is done. */
exports.call = async function (handler, event, answer) {
  let answered = false
  let finish
  const finished = new Promise(resolve => { finish = resolve })
  const done = (error, value) => {
    if (answered) return
    answered = true
    if (error) {
      console.error(error)
      if (context.status() === 200) context.status(500)
      answer(context.status(), {}, String(error))
    } else {
      answer(context.status(), context.headers(), value)
    }
    finish()
  }
  const context = new Context(done)
  try {
    const result = handler(event, context, done)
    const value = await result
    // A handler that takes a callback may call it later.
    if (!context.cbCalled && (value !== undefined || handler.length < 3)) context.succeed(value)
  } catch (e) {
    console.error(e)
    if (!answered) {
      answered = true
      answer(500, {}, FAILED)
      finish()
    }
  }
  await finished
}

function typeOf (value) {
  if (Buffer.isBuffer(value) || value instanceof Uint8Array) return 'application/octet-stream'
  return typeof value === 'string' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8'
}

function contentOf (value) {
  if (value === undefined || value === null) return Buffer.alloc(0)
  if (Buffer.isBuffer(value)) return value
  if (value instanceof Uint8Array) return Buffer.from(value)
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
}

/** Sends a value: text as HTML unless a header says otherwise, objects as JSON. */
function send (request, response, status, headers, value) {
  if (response.headersSent || response.destroyed) return
  try {
    const content = contentOf(value)
    response.statusCode = status
    for (const [name, text] of Object.entries(headers)) response.setHeader(name, text)
    const bodiless = status === 204 || status === 304
    if (!bodiless && value !== undefined && value !== null && !response.hasHeader('content-type')) {
      response.setHeader('content-type', typeOf(value))
    }
    if (!bodiless) response.setHeader('content-length', content.length)
    response.end(bodiless || request.method === 'HEAD' ? undefined : content)
  } catch (e) {
    console.error(e)
    for (const name of response.getHeaderNames()) response.removeHeader(name)
    response.statusCode = 500
    response.end(FAILED)
  }
}

/** Serves handler(event, context, callback) as requests of Node's own server. */
exports.listener = function (handler) {
  return async (request, response) => {
    const answer = (status, headers, value) => send(request, response, status, headers, value)
    const url = request.url
    const mark = url.indexOf('?')
    try {
      const event = {
        body: await body.read(request),
        headers: request.headers,
        method: request.method,
        query: body.pairs(mark < 0 ? '' : url.slice(mark + 1)),
        path: mark < 0 ? url : url.slice(0, mark)
      }
      await exports.call(handler, event, answer)
    } catch (e) {
      if (e instanceof body.Refused) {
        response.setHeader('connection', 'close')
        answer(e.status, { 'content-type': 'text/plain; charset=utf-8' }, e.message + '\n')
      } else {
        console.error(e)
        answer(500, {}, FAILED)
      }
    }
  }
}
