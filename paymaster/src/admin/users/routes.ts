// Users and invitations: who may come in, and as what. Everyone signed in sees who there is; an admin changes it.
import { createRoute, z } from '@hono/zod-openapi'
import { getAddress } from 'viem'
import type { Actor } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { requireRole } from '../requireRole.ts'
import { toSessionItem } from '../session/routes.ts'
import { sessionListSchema } from '../session/schema.ts'
import type { Sessions } from '../session/sessions.ts'
import { type LinkRow, mostOpenLinks, type SignInLinks } from '../signIn/links.ts'
import type { Passkeys } from '../signIn/passkeys.ts'
import type { Wallets } from '../signIn/wallets.ts'
import {
  type Invitation,
  invitationListSchema,
  invitationRequestSchema,
  signInLinkSchema,
  type UserItem,
  userChangeSchema,
  userItemSchema,
  userListSchema,
} from './schema.ts'
import { noSuchUser, type UserRow, type Users } from './users.ts'

const invitationSeconds = 72 * 3_600
const signInLinkSeconds = 24 * 3_600

const tags = ['Users']
const byAdmin = { tags, middleware: requireRole('admin') }
const idParam = { params: z.object({ id: z.string().min(1).max(64) }) }
const done = { 204: { description: 'Done' } }

const list = createRoute({
  tags,
  method: 'get',
  path: '/users',
  summary: 'Who may come in',
  responses: { 200: jsonAnswer(userListSchema, 'The users'), ...refusals() },
})
const listInvitations = createRoute({
  ...byAdmin,
  method: 'get',
  path: '/users/invitations',
  summary: 'Invitations that nobody has used yet',
  responses: { 200: jsonAnswer(invitationListSchema, 'The invitations'), ...refusals(403) },
})
const invite = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/users/invitations',
  summary: 'Invite somebody by a one-time link',
  request: { body: jsonBody(invitationRequestSchema) },
  responses: { 200: jsonAnswer(signInLinkSchema, 'The link, told this once'), ...refusals(400, 403, 409) },
})
const withdraw = createRoute({
  ...byAdmin,
  method: 'delete',
  path: '/users/invitations/{id}',
  summary: 'Withdraw an invitation',
  request: idParam,
  responses: { ...done, ...refusals(403, 404) },
})
const change = createRoute({
  ...byAdmin,
  method: 'put',
  path: '/users/{id}',
  summary: 'Change name or role; a new role ends the sessions',
  request: { ...idParam, body: jsonBody(userChangeSchema) },
  responses: { 200: jsonAnswer(userItemSchema, 'The user'), ...refusals(400, 403, 404, 409) },
})
const remove = createRoute({
  ...byAdmin,
  method: 'delete',
  path: '/users/{id}',
  summary: 'Remove a user, with sessions, passkeys and wallets',
  request: idParam,
  responses: { ...done, ...refusals(403, 404, 409) },
})
const newLink = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/users/{id}/sign-in-link',
  summary: 'A one-time link for who has lost passkey and wallet',
  request: idParam,
  responses: { 200: jsonAnswer(signInLinkSchema, 'The link, told this once'), ...refusals(403, 404) },
})
const listSessions = createRoute({
  ...byAdmin,
  method: 'get',
  path: '/users/{id}/sessions',
  summary: "A user's sessions",
  request: idParam,
  responses: { 200: jsonAnswer(sessionListSchema, 'Where the user is signed in'), ...refusals(403) },
})
const endSession = createRoute({
  ...byAdmin,
  method: 'delete',
  path: '/users/{id}/sessions/{session}',
  summary: "End one of a user's sessions",
  request: { params: idParam.params.extend({ session: z.string().min(1).max(64) }) },
  responses: { ...done, ...refusals(403, 404) },
})

export function createUsersRoutes(options: {
  readonly users: Users
  readonly sessions: Sessions
  readonly links: SignInLinks
  readonly passkeys: Passkeys
  readonly wallets: Wallets
  readonly audit: AuditLog
  readonly live: LiveUpdates
}) {
  const { users, sessions, links, passkeys, wallets, audit, live } = options

  async function toItem(row: UserRow, actor: Actor): Promise<UserItem> {
    return {
      id: row.id,
      name: row.name,
      role: row.role,
      createdAtSeconds: row.created_at,
      lastSeenAtSeconds: row.last_seen_at,
      passkeys: (await passkeys.ofUser(row.id)).length,
      wallets: (await wallets.ofUser(row.id)).map(({ address }) => getAddress(address)),
      openSessions: (await sessions.ofUser(row.id)).length,
      isYou: row.id === actor.id,
    }
  }
  async function changed(
    actor: Actor,
    action: string,
    subject: string,
    detail: Record<string, unknown> = {},
  ): Promise<void> {
    await audit.append({ actor, action, subject, detail })
    live.tell({ kind: 'session', id: subject })
  }

  return createAdminRoutes()
    .openapi(list, async context => {
      const items: UserItem[] = []
      for (const row of await users.all()) items.push(await toItem(row, context.var.actor))
      return context.json({ items }, 200)
    })
    .openapi(listInvitations, async context =>
      context.json({ items: (await links.open()).map(toInvitation) }, 200),
    )
    .openapi(invite, async context => {
      const { actor } = context.var
      const { name, role } = context.req.valid('json')
      if ((await links.open()).length >= mostOpenLinks) {
        return adminError(context, 409, {
          code: 'tooManyInvitations',
          message: `There are ${mostOpenLinks} open invitations already`,
          hint: 'withdraw some first',
        })
      }
      const link = await links.make({ name, role, createdBy: actor.name, goodForSeconds: invitationSeconds })
      await changed(actor, 'user.invite', link.id, { name, role })
      return context.json({ url: link.url, expiresAtSeconds: link.expiresAtSeconds }, 200)
    })
    .openapi(withdraw, async context => {
      const { id } = context.req.valid('param')
      const link = await links.withdraw(id)
      if (link === undefined) {
        return adminError(context, 404, {
          code: 'noSuchInvitation',
          message: 'There is no open invitation of this id',
          hint: 'it may have been used: see the users',
        })
      }
      await changed(context.var.actor, 'user.withdrawInvitation', id, { name: link.name, role: link.role })
      return context.body(null, 204)
    })
    .openapi(change, async context => {
      const { id } = context.req.valid('param')
      const { name, role } = context.req.valid('json')
      const result = await users.change(id, { name, role })
      if (!result.ok) return adminError(context, result.status, result.error)
      const { before, after } = result
      await changed(context.var.actor, 'user.change', id, {
        before: { name: before.name, role: before.role },
        after: { name: after.name, role: after.role },
      })
      return context.json(await toItem(after, context.var.actor), 200)
    })
    .openapi(remove, async context => {
      const { id } = context.req.valid('param')
      const result = await users.remove(id)
      if (!result.ok) return adminError(context, result.status, result.error)
      const { name, role } = result.removed
      await changed(context.var.actor, 'user.remove', id, { name, role })
      return context.body(null, 204)
    })
    .openapi(newLink, async context => {
      const { id } = context.req.valid('param')
      const { actor } = context.var
      const user = await users.find(id)
      if (user === undefined) {
        const { status, error } = noSuchUser()
        return adminError(context, status, error)
      }
      const { name, role } = user
      const goodFor = { createdBy: actor.name, goodForSeconds: signInLinkSeconds }
      const link = await links.make({ userId: id, name, role, ...goodFor })
      await changed(actor, 'user.newLink', id, { name })
      return context.json({ url: link.url, expiresAtSeconds: link.expiresAtSeconds }, 200)
    })
    .openapi(listSessions, async context => {
      const rows = await sessions.ofUser(context.req.valid('param').id)
      return context.json({ items: rows.map(row => toSessionItem(row, context.var.sessionId)) }, 200)
    })
    .openapi(endSession, async context => {
      const { id, session } = context.req.valid('param')
      if (!(await sessions.end(id, session))) {
        return adminError(context, 404, {
          code: 'noSuchSession',
          message: 'This user has no session of this id',
          hint: 'it may have ended already',
        })
      }
      await changed(context.var.actor, 'session.end', session, { userId: id })
      return context.body(null, 204)
    })
}

function toInvitation(row: LinkRow): Invitation {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    createdBy: row.created_by,
    createdAtSeconds: row.created_at,
    expiresAtSeconds: row.expires_at,
  }
}
