'use strict'

module.exports = async (event, context) => {
  return context.status(200).succeed({ body: event.body, path: event.path })
}
