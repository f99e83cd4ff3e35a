'use strict'

const http = require('http')
const path = require('path')
const express = require('express')
const { call } = require('./_barista/events')
const { load, start } = require('./_barista/listen')

/** A handler of (event, context) answers every request; one of (config) sets up the app itself. */
async function prepare (app, handler) {
  if (handler.length < 2) {
    await handler({ app, express })
    return
  }
  const limit = name => ({ limit: process.env[name] || '100kb' })
  app.use((request, response, next) => {
    if (!request.headers['content-type']) request.headers['content-type'] = 'text/plain'
    next()
  })
  if (process.env.RAW_BODY === 'true') {
    app.use(express.raw({ type: '*/*', ...limit('MAX_RAW_SIZE') }))
  } else {
    app.use(express.text({ type: 'text/*' }))
    app.use(express.json(limit('MAX_JSON_SIZE')))
    app.use(express.urlencoded({ extended: true }))
  }
  app.use((request, response) => {
    const { body, headers, method, query, path } = request
    return call(handler, { body, headers, method, query, path }, (status, values, value) => {
      response.set(values).status(status).send(value)
    })
  })
}

async function main () {
  const app = express()
  app.disable('x-powered-by')
  await prepare(app, await load(path.join(__dirname, 'function', 'handler.js')))
  start(http.createServer(app))
}

main().catch(e => {
  console.error(e)
  process.exit(1)
})
