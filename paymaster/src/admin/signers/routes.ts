// Who signs: the keys that are here and the signers that the contract trusts, one giving way to another, and the kill switch.
import { createRoute, z } from '@hono/zod-openapi'
import type { Address } from 'viem'
import type { Brake } from '../../operator/brake.ts'
import type { KillSwitch } from '../../signing/killSwitch.ts'
import { showSigner } from '../../signing/showSigners.ts'
import type { Signers } from '../../signing/signers.ts'
import type { TreasuryDesk } from '../../treasury/desk.ts'
import { showTransaction } from '../../treasury/showTreasury.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { answerRefusal } from '../operatorRefusal.ts'
import { requireRole } from '../requireRole.ts'
import { addressText, preparedTransactionSchema } from '../treasury/schema.ts'
import { keysReloadedSchema, killedSchema, killSchema, type SignersView, signersSchema } from './schema.ts'

const tags = ['Signers']
const byAdmin = { tags, middleware: requireRole('admin') }
const path = { params: z.object({ address: addressText }) }

const show = createRoute({
  tags,
  method: 'get',
  path: '/signers',
  summary: 'Every key and every signer, and how far a rotation has come',
  responses: { 200: jsonAnswer(signersSchema, 'The signers'), ...refusals() },
})
const reload = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/signers/reload',
  summary: 'Read the key file anew; one with a mistake changes nothing',
  responses: { 200: jsonAnswer(keysReloadedSchema, 'What changed'), ...refusals(403, 409) },
})
const activate = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/signers/{address}/activate',
  summary: 'Sign by this one from now on; what the one before has signed stays valid',
  request: path,
  responses: { 200: jsonAnswer(signersSchema, 'The signers'), ...refusals(400, 403, 409) },
})
const prepareTrust = createRoute({
  tags,
  method: 'post',
  path: '/signers/{address}/prepare-trust',
  summary: "The owner's transaction that has the contract trust it",
  middleware: requireRole('operator'),
  request: path,
  responses: { 200: jsonAnswer(preparedTransactionSchema, 'The transaction'), ...refusals(400, 403, 409) },
})
const prepareRemoval = createRoute({
  tags,
  method: 'post',
  path: '/signers/{address}/prepare-removal',
  summary: "The owner's transaction that removes it; refused while what it signed may still land",
  middleware: requireRole('operator'),
  request: path,
  responses: { 200: jsonAnswer(preparedTransactionSchema, 'The transaction'), ...refusals(400, 403, 409) },
})
const kill = createRoute({
  ...byAdmin,
  method: 'post',
  path: '/signers/kill',
  summary: 'For a key in wrong hands: sign nothing more, at once, and have the contract trust it no more',
  request: { body: jsonBody(killSchema) },
  responses: {
    200: jsonAnswer(killedSchema, 'What holds, and what is to be sent'),
    ...refusals(400, 403, 409),
  },
})

export function createSignersRoutes(options: {
  readonly signers: Signers
  readonly desk: Pick<TreasuryDesk, 'prepare' | 'facts'>
  readonly brake: Pick<Brake, 'pausedSince'>
  readonly killSwitch: KillSwitch
  readonly finalityBlocks: number
  readonly audit: AuditLog
  readonly live: LiveUpdates
}) {
  const { signers, desk, brake, audit, live } = options

  async function view(): Promise<SignersView> {
    const { owner, key } = await desk.facts()
    return {
      items: signers.all().map(showSigner),
      nextCursor: null,
      owner,
      neededTrustBlocks: signers.neededTrustBlocks,
      finalityBlocks: options.finalityBlocks,
      finalBlockAtSeconds: signers.finalTimestamp() ?? null,
      keyFile: signers.keyFile ?? null,
      pausedSinceSeconds: brake.pausedSince() ?? null,
      treasuryKeyIsOwner: key?.isOwner === true,
    }
  }

  return createAdminRoutes()
    .openapi(show, async context => context.json(await view(), 200))
    .openapi(reload, async context => {
      const { actor } = context.var
      const reloaded = await signers.reload()
      if (!reloaded.ok) return answerRefusal(context, reloaded.refusal)
      const { added, removed, active } = reloaded.value
      await audit.append({ actor, action: 'signer.reloadKeys', detail: { added, removed, active } })
      return context.json({ added: [...added], removed: [...removed], active }, 200)
    })
    .openapi(activate, async context => {
      const { actor } = context.var
      const from = signers.active()
      const activated = await signers.activate(context.req.valid('param').address as Address)
      if (!activated.ok) return answerRefusal(context, activated.refusal)
      await audit.append({ actor, action: 'signer.activate', subject: activated.value, detail: { from } })
      return context.json(await view(), 200)
    })
    .openapi(prepareTrust, async context => {
      const signer = context.req.valid('param').address
      const prepared = await desk.prepare({ kind: 'trustSigner', signer })
      if (!prepared.ok) return answerRefusal(context, prepared.refusal)
      return context.json(prepared.value.transaction, 200)
    })
    .openapi(prepareRemoval, async context => {
      const signer = context.req.valid('param').address
      const prepared = await desk.prepare({ kind: 'removeSigner', signer })
      if (!prepared.ok) return answerRefusal(context, prepared.refusal)
      return context.json(prepared.value.transaction, 200)
    })
    .openapi(kill, async context => {
      const { signer, execute, requestId } = context.req.valid('json')
      const { actor } = context.var
      const killed = await options.killSwitch({ signer: signer as Address, execute, requestId, actor })
      live.tell({ kind: 'brake' })
      const detail = { execute, requestId, ...(killed.ok ? {} : { refused: killed.refusal.message }) }
      await audit.append({ actor, action: 'signer.kill', subject: signer ?? signers.active(), detail })
      if (!killed.ok) return answerRefusal(context, killed.refusal)
      const { pausedSince, removal, executed } = killed.value
      const sent = executed === undefined ? null : showTransaction(executed)
      return context.json({ pausedSinceSeconds: pausedSince, removal, executed: sent }, 200)
    })
}
