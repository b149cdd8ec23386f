// What every answer of the admin API says to browsers: kept nowhere, framed nowhere, run nowhere.
import { createMiddleware } from 'hono/factory'
import type { AdminEnvironment } from './adminEnvironment.ts'

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

export const answerHeaders = createMiddleware<AdminEnvironment>(async (context, next) => {
  await next()
  for (const [name, value] of Object.entries(headers)) context.header(name, value)
})
