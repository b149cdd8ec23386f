// One's own session, sessions, passkeys and wallets: what everyone signed in may see and change of themselves.
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Address, getAddress, type Hex } from 'viem'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { adminError, refuseWith } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import type { PasskeyRow, Passkeys } from '../signIn/passkeys.ts'
import type { WalletRow, Wallets } from '../signIn/wallets.ts'
import type { Users } from '../users/users.ts'
import type { DescribeSession } from './describeSession.ts'
import { requirePerson } from './requirePerson.ts'
import {
  type Passkey,
  passkeyAnswerSchema,
  passkeyChallengeSchema,
  passkeySchema,
  type SessionItem,
  sessionChangeSchema,
  sessionListSchema,
  sessionSchema,
  type Wallet,
  walletAnswerSchema,
  walletChallengeRequestSchema,
  walletChallengeSchema,
  walletSchema,
  waysInSchema,
} from './schema.ts'
import type { SessionCookie } from './sessionCookie.ts'
import type { SessionRow, Sessions } from './sessions.ts'
import type { WaysOut } from './waysOut.ts'

const common = { tags: ['Your session'], middleware: requirePerson }
const idParam = { params: z.object({ id: z.string().min(1).max(2_048) }) }
const done = { 204: { description: 'Done' } }

const show = createRoute({
  ...common,
  method: 'get',
  path: '/session',
  summary: 'Who is signed in',
  responses: { 200: jsonAnswer(sessionSchema, 'You'), ...refusals(403) },
})
const rename = createRoute({
  ...common,
  method: 'put',
  path: '/session',
  summary: 'Change your own name',
  request: { body: jsonBody(sessionChangeSchema) },
  responses: { 200: jsonAnswer(sessionSchema, 'You'), ...refusals(400, 403) },
})
const signOut = createRoute({
  ...common,
  method: 'delete',
  path: '/session',
  summary: 'Sign out',
  responses: { ...done, ...refusals(403) },
})
const listSessions = createRoute({
  ...common,
  method: 'get',
  path: '/session/all',
  summary: 'Your sessions',
  responses: { 200: jsonAnswer(sessionListSchema, 'Where you are signed in'), ...refusals(403) },
})
const endSession = createRoute({
  ...common,
  method: 'delete',
  path: '/session/all/{id}',
  summary: 'End one of your sessions',
  request: idParam,
  responses: { ...done, ...refusals(403, 404) },
})
const waysIn = createRoute({
  ...common,
  method: 'get',
  path: '/session/ways-in',
  summary: 'Your passkeys and wallets',
  responses: { 200: jsonAnswer(waysInSchema, 'By what you sign in'), ...refusals(403) },
})
const passkeyChallenge = createRoute({
  ...common,
  method: 'post',
  path: '/session/passkeys/challenge',
  summary: 'Begin to add a passkey',
  responses: { 200: jsonAnswer(passkeyChallengeSchema, 'For the browser'), ...refusals(403) },
})
const addPasskey = createRoute({
  ...common,
  method: 'post',
  path: '/session/passkeys',
  summary: 'Add a passkey',
  request: { body: jsonBody(passkeyAnswerSchema) },
  responses: { 200: jsonAnswer(passkeySchema, 'The passkey'), ...refusals(400, 403) },
})
const removePasskey = createRoute({
  ...common,
  method: 'delete',
  path: '/session/passkeys/{id}',
  summary: 'Remove one of your passkeys',
  request: idParam,
  responses: { ...done, ...refusals(403, 404, 409) },
})
const walletChallenge = createRoute({
  ...common,
  method: 'post',
  path: '/session/wallets/challenge',
  summary: 'Begin to add a wallet',
  request: { body: jsonBody(walletChallengeRequestSchema) },
  responses: { 200: jsonAnswer(walletChallengeSchema, 'For the wallet to sign'), ...refusals(400, 403) },
})
const addWallet = createRoute({
  ...common,
  method: 'post',
  path: '/session/wallets',
  summary: 'Add a wallet',
  request: { body: jsonBody(walletAnswerSchema) },
  responses: { 200: jsonAnswer(walletSchema, 'The wallet'), ...refusals(400, 403, 503) },
})
const removeWallet = createRoute({
  ...common,
  method: 'delete',
  path: '/session/wallets/{id}',
  summary: 'Remove one of your wallets, by its address',
  request: idParam,
  responses: { ...done, ...refusals(403, 404, 409) },
})

export function createSessionRoutes(options: {
  readonly sessions: Sessions
  readonly users: Users
  readonly passkeys: Passkeys
  readonly wallets: Wallets
  readonly waysOut: WaysOut
  readonly cookie: SessionCookie
  readonly audit: AuditLog
  readonly live: LiveUpdates
  readonly describe: DescribeSession
}) {
  const { sessions, users, passkeys, wallets, waysOut, cookie, audit, live, describe } = options

  async function mine(context: Context<AdminEnvironment>) {
    const token = cookie.read(context)
    const session = token === undefined ? undefined : await sessions.find(token)
    return session === undefined ? undefined : await describe(session)
  }
  const ended = refuseWith(401, {
    code: 'notSignedIn',
    message: 'Your session has ended',
    hint: 'sign in again',
  })
  async function changed(action: string, context: Context<AdminEnvironment>, subject: string, name?: string) {
    const { actor } = context.var
    await audit.append({ actor, action, subject, ...(name !== undefined && { detail: { name } }) })
    live.tell({ kind: 'session', id: actor.id })
  }

  return createAdminRoutes()
    .openapi(show, async context => {
      const session = await mine(context)
      return session ? context.json(session, 200) : adminError(context, ended.status, ended.error)
    })
    .openapi(rename, async context => {
      const { name } = context.req.valid('json')
      await users.change(context.var.actor.id, { name })
      await changed('user.rename', context, context.var.actor.id, name)
      const session = await mine(context)
      return session ? context.json(session, 200) : adminError(context, ended.status, ended.error)
    })
    .openapi(signOut, async context => {
      const { actor, sessionId = '' } = context.var
      await sessions.end(actor.id, sessionId)
      cookie.clear(context)
      await audit.append({ actor, action: 'session.end', subject: sessionId })
      return context.body(null, 204)
    })
    .openapi(listSessions, async context => {
      const { actor, sessionId } = context.var
      const rows = await sessions.ofUser(actor.id)
      return context.json({ items: rows.map(row => toSessionItem(row, sessionId)) }, 200)
    })
    .openapi(endSession, async context => {
      const { id } = context.req.valid('param')
      if (!(await sessions.end(context.var.actor.id, id))) {
        return adminError(context, 404, {
          code: 'noSuchSession',
          message: 'You have no session of this id',
          hint: 'it may have ended already',
        })
      }
      await changed('session.end', context, id)
      return context.body(null, 204)
    })
    .openapi(waysIn, async context => {
      const { id } = context.var.actor
      const [keys, purses] = [await passkeys.ofUser(id), await wallets.ofUser(id)]
      return context.json({ passkeys: keys.map(toPasskey), wallets: purses.map(toWallet) }, 200)
    })
    .openapi(passkeyChallenge, async context =>
      context.json({ options: { ...(await passkeys.challengeToAdd(context.var.actor)) } }, 200),
    )
    .openapi(addPasskey, async context => {
      const { response, name = 'Passkey' } = context.req.valid('json')
      const added = await passkeys.add(context.var.actor.id, { response, name })
      if (!added.ok) return adminError(context, added.status, added.error)
      await changed('passkey.add', context, added.passkey.id, name)
      return context.json(toPasskey(added.passkey), 200)
    })
    .openapi(removePasskey, async context => {
      const { id } = context.req.valid('param')
      const removed = await waysOut.removePasskey(context.var.actor.id, id)
      if (!removed.ok) return adminError(context, removed.status, removed.error)
      await changed('passkey.remove', context, id)
      return context.body(null, 204)
    })
    .openapi(walletChallenge, context => {
      const { address } = context.req.valid('json')
      const message = wallets.messageFor(address as Address, { addTo: context.var.actor.id })
      return context.json({ message }, 200)
    })
    .openapi(addWallet, async context => {
      const { message, signature } = context.req.valid('json')
      const added = await wallets.add(context.var.actor.id, { message, signature: signature as Hex })
      if (!added.ok) return adminError(context, added.status, added.error)
      const wallet = toWallet(added.wallet)
      await changed('wallet.add', context, wallet.address)
      return context.json(wallet, 200)
    })
    .openapi(removeWallet, async context => {
      const { id } = context.req.valid('param')
      const removed = await waysOut.removeWallet(context.var.actor.id, id.toLowerCase())
      if (!removed.ok) return adminError(context, removed.status, removed.error)
      await changed('wallet.remove', context, id)
      return context.body(null, 204)
    })
}

export function toSessionItem(row: SessionRow, current: string | undefined): SessionItem {
  return {
    id: row.id,
    isThisOne: row.id === current,
    createdAtSeconds: row.created_at,
    lastSeenAtSeconds: row.last_seen_at,
    expiresAtSeconds: row.expires_at,
    caller: row.caller,
    userAgent: row.user_agent,
    signedInBy: row.signed_in_by,
  }
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    createdAtSeconds: row.created_at,
    lastUsedAtSeconds: row.last_used_at,
    isSynchronized: row.is_synchronized === 1,
  }
}

function toWallet(row: WalletRow): Wallet {
  return {
    address: getAddress(row.address),
    createdAtSeconds: row.created_at,
    lastUsedAtSeconds: row.last_used_at,
  }
}
