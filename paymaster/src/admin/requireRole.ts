// A route that changes something names who may: `app.use(requireRole('operator'))`, or in `createRoute({ middleware })`.
import { createMiddleware } from 'hono/factory'
import { type AdminEnvironment, type Role, roles } from './adminEnvironment.ts'
import { adminError } from './adminError.ts'

export function requireRole(least: Role) {
  return createMiddleware<AdminEnvironment>(async (context, next) => {
    const { role } = context.var.actor
    if (roles.indexOf(role) >= roles.indexOf(least)) return await next()
    return adminError(context, 403, {
      code: 'roleTooLow',
      message: `Your role is ${role}, and this takes ${least}`,
      hint: 'ask an admin of this paymaster',
    })
  })
}
