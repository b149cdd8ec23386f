// How often one caller may try to sign in: what is guessed at has 256 bits, so this bounds the work, not the luck.
import type { Clock } from '@worldland-aa/service/clock'
import type { Callers } from '@worldland-aa/service/http/callers'
import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { createMiddleware } from 'hono/factory'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'

const attemptsPerSecond = 1
const burstSeconds = 30

export function limitSignIn({ callers, clock }: { readonly callers: Callers; readonly clock: Clock }) {
  const attempts = createRateLimiter({ perSecond: attemptsPerSecond, burstSeconds, clock })
  return createMiddleware<AdminEnvironment>(async (context, next) => {
    if (attempts.take(callers.callerOf(context.env.incoming), 1)) return await next()
    context.header('retry-after', '5')
    return adminError(context, 429, {
      code: 'tooManyAttempts',
      message: 'Too many attempts to sign in from your address',
      hint: 'try again in a few seconds',
    })
  })
}
