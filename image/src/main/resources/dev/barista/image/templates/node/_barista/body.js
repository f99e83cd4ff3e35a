'use strict'

const { URLSearchParams } = require('url')

const SIZES = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }

class Refused extends Error {
  constructor (status, text) {
    super(text)
    this.status = status
  }
}

function bytes (text, name) {
  const parts = /^(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?$/i.exec(String(text).trim())
  if (!parts) throw new Error(`${name}: ${text} (expected: a size as 100kb)`)
  return Number(parts[1]) * SIZES[(parts[2] || '').toLowerCase()]
}

const RAW = process.env.RAW_BODY === 'true'
const LIMITS = {
  raw: bytes(process.env.MAX_RAW_SIZE || '100kb', 'MAX_RAW_SIZE'),
  json: bytes(process.env.MAX_JSON_SIZE || '100kb', 'MAX_JSON_SIZE'),
  other: bytes('100kb', '')
}

function kindOf (type) {
  const media = type.split(';')[0].trim().toLowerCase()
  if (RAW) return 'raw'
  if (media === 'application/json') return 'json'
  if (media === 'application/x-www-form-urlencoded') return 'form'
  return media.startsWith('text/') ? 'text' : 'none'
}

function limitOf (kind) {
  return kind === 'raw' ? LIMITS.raw : kind === 'json' ? LIMITS.json : LIMITS.other
}

async function collect (request, kind) {
  const limit = limitOf(kind)
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > limit) {
      const setting = kind === 'raw' ? 'MAX_RAW_SIZE' : kind === 'json' ? 'MAX_JSON_SIZE' : 'RAW_BODY with MAX_RAW_SIZE'
      throw new Refused(413, `body of more than ${limit} bytes: set ${setting}`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** What event.body is: text, an object for JSON and forms, a Buffer with RAW_BODY, else {}. */
exports.read = async function (request) {
  const type = request.headers['content-type'] || (request.headers['content-type'] = 'text/plain')
  const kind = kindOf(type)
  if (kind === 'none') {
    request.resume()
    return {}
  }
  const content = await collect(request, kind)
  if (content.length === 0 && kind !== 'raw') return {}
  switch (kind) {
    case 'raw': return content
    case 'text': return content.toString(/charset="?latin1|charset="?iso-8859-1/i.test(type) ? 'latin1' : 'utf8')
    case 'form': return exports.pairs(content.toString('utf8'))
    default:
      try {
        return JSON.parse(content.toString('utf8'))
      } catch (e) {
        throw new Refused(400, 'the body is no JSON, though its Content-Type says so')
      }
  }
}

/** Parameters as an object: a repeated name or name[] gives an array, name[key] an object. */
exports.pairs = function (text) {
  const result = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const [, first, rest] = /^([^[]*)(.*)$/s.exec(name)
    const path = [first || name]
    if (first) for (const [, key] of rest.matchAll(/\[([^\]]*)\]/g)) path.push(key)
    if (path.length > 6 || path.some(key => key === '__proto__' || key in Object.prototype)) continue
    put(result, path, value)
  }
  return result
}

function put (target, path, value) {
  let at = target
  for (let i = 0; i < path.length - 1; i++) {
    const key = path[i]
    if (path[i + 1] === '' && i + 2 === path.length) {
      at[key] = [].concat(at[key] === undefined ? [] : at[key], value)
      return
    }
    if (typeof at[key] !== 'object') at[key] = {}
    at = at[key]
  }
  const last = path[path.length - 1]
  at[last] = at[last] === undefined ? value : [].concat(at[last], value)
}

exports.Refused = Refused
