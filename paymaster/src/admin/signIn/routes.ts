// The ways in: by link, passkey or wallet. Each ends in a new session, whatever the browser had before.
import { createRoute, type RouteConfig } from '@hono/zod-openapi'
import type { Callers } from '@worldland-aa/service/http/callers'
import type { Context } from 'hono'
import type { Address, Hex } from 'viem'
import type { Actor, AdminEnvironment } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { DescribeSession } from '../session/describeSession.ts'
import {
  linkRequestSchema,
  passkeyAnswerSchema,
  passkeyChallengeSchema,
  type Session,
  sessionSchema,
  walletAnswerSchema,
  walletChallengeRequestSchema,
  walletChallengeSchema,
} from '../session/schema.ts'
import type { SessionCookie } from '../session/sessionCookie.ts'
import type { OpenSession, Sessions } from '../session/sessions.ts'
import type { SignInWay } from '../tables.ts'
import type { SignInLinks } from './links.ts'
import type { Passkeys } from './passkeys.ts'
import type { limitSignIn } from './signInLimit.ts'
import type { Wallets } from './wallets.ts'

const common = { tags: ['Sign-in'], security: [] } satisfies Partial<RouteConfig>
const signedIn = jsonAnswer(sessionSchema, 'Signed in; the cookie is in the headers')

export function createSignInRoutes(options: {
  readonly links: SignInLinks
  readonly passkeys: Passkeys
  readonly wallets: Wallets
  readonly sessions: Sessions
  readonly cookie: SessionCookie
  readonly callers: Callers
  readonly audit: AuditLog
  readonly describe: DescribeSession
  readonly limit: ReturnType<typeof limitSignIn>
}) {
  const { links, passkeys, wallets, sessions, cookie, callers, audit, describe, limit } = options

  async function begin(
    context: Context<AdminEnvironment>,
    userId: string,
    signedInBy: SignInWay,
    note?: (actor: Actor) => Promise<void>,
  ): Promise<Session | undefined> {
    const caller = callers.callerOf(context.env.incoming)
    const token = await sessions.open({
      userId,
      signedInBy,
      caller,
      userAgent: context.req.header('user-agent') ?? '',
      replaces: cookie.read(context),
    })
    const session: OpenSession | undefined = await sessions.find(token)
    if (session === undefined) return undefined
    await note?.(session.actor)
    const detail = { by: signedInBy, caller }
    await audit.append({ actor: session.actor, action: 'session.open', subject: session.row.id, detail })
    cookie.write(context, token)
    return await describe(session)
  }

  const byLink = createRoute({
    ...common,
    method: 'post',
    path: '/session/link',
    summary: 'Sign in by a one-time link',
    middleware: limit,
    request: { body: jsonBody(linkRequestSchema) },
    responses: { 200: signedIn, ...refusals(400, 429) },
  })
  const passkeyChallenge = createRoute({
    ...common,
    method: 'post',
    path: '/session/passkey/challenge',
    summary: 'Begin to sign in by passkey',
    middleware: limit,
    responses: { 200: jsonAnswer(passkeyChallengeSchema, 'For the browser'), ...refusals(429) },
  })
  const byPasskey = createRoute({
    ...common,
    method: 'post',
    path: '/session/passkey',
    summary: 'Sign in by passkey',
    middleware: limit,
    request: { body: jsonBody(passkeyAnswerSchema) },
    responses: { 200: signedIn, ...refusals(400, 429) },
  })
  const walletChallenge = createRoute({
    ...common,
    method: 'post',
    path: '/session/wallet/challenge',
    summary: 'Begin to sign in by wallet',
    middleware: limit,
    request: { body: jsonBody(walletChallengeRequestSchema) },
    responses: { 200: jsonAnswer(walletChallengeSchema, 'For the wallet to sign'), ...refusals(400, 429) },
  })
  const byWallet = createRoute({
    ...common,
    method: 'post',
    path: '/session/wallet',
    summary: 'Sign in by wallet',
    middleware: limit,
    request: { body: jsonBody(walletAnswerSchema) },
    responses: { 200: signedIn, ...refusals(400, 429, 503) },
  })

  return createAdminRoutes()
    .openapi(byLink, async context => {
      const redeemed = await links.redeem(context.req.valid('json').token)
      const session =
        redeemed &&
        (await begin(context, redeemed.userId, 'link', async actor => {
          if (redeemed.isNew) await audit.append({ actor, action: 'user.join', subject: actor.id })
        }))
      if (session === undefined) {
        return adminError(context, 401, {
          code: 'linkUsed',
          message: 'This link is used, too old, or not of this console',
          hint: 'ask an admin for a new one, or run `worldland-paymaster sign-in-link` beside the service',
        })
      }
      return context.json(session, 200)
    })
    .openapi(passkeyChallenge, async context =>
      context.json({ options: { ...(await passkeys.challengeToSignIn()) } }, 200),
    )
    .openapi(byPasskey, async context => {
      const checked = await passkeys.signIn(context.req.valid('json').response)
      if (!checked.ok) return adminError(context, checked.status, checked.error)
      const session = await begin(context, checked.userId, 'passkey')
      return session === undefined ? gone(context) : context.json(session, 200)
    })
    .openapi(walletChallenge, context => {
      const { address } = context.req.valid('json')
      return context.json({ message: wallets.messageFor(address as Address, {}) }, 200)
    })
    .openapi(byWallet, async context => {
      const { message, signature } = context.req.valid('json')
      const checked = await wallets.signIn({ message, signature: signature as Hex })
      if (!checked.ok) return adminError(context, checked.status, checked.error)
      const session = await begin(context, checked.userId, 'wallet')
      return session === undefined ? gone(context) : context.json(session, 200)
    })
}

/** Removed between the one step and the next. */
function gone(context: Context<AdminEnvironment>) {
  return adminError(context, 401, {
    code: 'userGone',
    message: 'This user was removed just now',
    hint: 'ask an admin for a link',
  })
}
