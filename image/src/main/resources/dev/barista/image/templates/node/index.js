'use strict'

// One process per call: the body comes on standard input, what is printed is the answer.
const { load } = require('./_barista/listen')
const path = require('path')

function failed (error) {
  console.error(error && error.stack ? error.stack : error)
  process.exitCode = 1
}

function done (error, value) {
  if (error) {
    failed(error)
  } else if (value) {
    process.stdout.write(Array.isArray(value) || value.constructor === Object
      ? JSON.stringify(value) + '\n'
      : Buffer.isBuffer(value) ? value : String(value))
  }
}

async function main () {
  const handler = await load(path.join(__dirname, 'function', 'handler.js'))
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const result = handler(Buffer.concat(chunks).toString('utf8'), done)
  if (result instanceof Promise) done(undefined, await result)
}

main().catch(failed)
