'use strict'

module.exports = async ({ app, express }) => {
  app.use(express.text({ type: '*/*' }))
  app.all('*', (request, response) => {
    response.json({ path: request.path, body: request.body })
  })
}
