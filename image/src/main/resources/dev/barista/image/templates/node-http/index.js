'use strict'

const http = require('http')
const path = require('path')
const { listener } = require('./_barista/events')
const { load, start } = require('./_barista/listen')

load(path.join(__dirname, 'function', 'handler.js')).then(handler => {
  start(http.createServer(listener(handler)))
}).catch(e => {
  console.error(e)
  process.exit(1)
})
