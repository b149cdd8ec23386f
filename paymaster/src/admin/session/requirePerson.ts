// What is about oneself – session, passkeys, wallets – is for people: an API key is nobody who signs in.
import { createMiddleware } from 'hono/factory'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'

export const requirePerson = createMiddleware<AdminEnvironment>(async (context, next) => {
  if (context.var.sessionId !== undefined) return await next()
  return adminError(context, 403, {
    code: 'peopleOnly',
    message: 'This is about somebody who is signed in, which an API key is not',
    hint: 'sign in at /console',
  })
})
