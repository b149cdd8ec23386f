// Senders that have to wait, and their forgiving.
import type { OpenAPIHono } from '@hono/zod-openapi'
import { getAddress } from 'viem'
import { forgiveMishaps, readMishaps, sendersWithMishaps } from '../../ledger/mishaps.ts'
import { findBan, lookBackSeconds } from '../../policy/rules/bansRule.ts'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { createAdminRoutes } from '../adminRoutes.ts'
import { forgiveSender, listBans } from './operations.ts'
import type { PolicyRoutesOptions } from './routes.ts'
import type { SenderBan } from './schema.ts'

export function createBanRoutes(options: PolicyRoutesOptions): OpenAPIHono<AdminEnvironment> {
  const { book, database, audit, live, now } = options
  const routes = createAdminRoutes()

  async function bansOf(sender: `0x${string}`): Promise<readonly SenderBan[]> {
    const policies = book.inForce().flatMap(({ id, bans }) => (bans === undefined ? [] : [{ id, bans }]))
    const since = now() - Math.max(0, ...policies.map(({ bans }) => lookBackSeconds(bans)))
    const mishaps = await readMishaps(database, sender, since)
    return policies.flatMap(({ id, bans }) => {
      const within = mishaps.filter(({ atSeconds }) => atSeconds >= now() - lookBackSeconds(bans))
      const ban = findBan(bans, within, now())
      if (ban === undefined) return []
      const { untilSeconds, failures, lossWei } = ban
      return [{ policyId: id, sender: getAddress(sender), untilSeconds, failures, lossWei: String(lossWei) }]
    })
  }

  routes.openapi(listBans, async context => {
    const { limit, cursor = '' } = context.req.valid('query')
    const senders = await sendersWithMishaps(database, { after: cursor, limit })
    const items = (await Promise.all(senders.map(bansOf))).flat()
    return context.json(
      { items, nextCursor: senders.length === limit ? (senders.at(-1) ?? null) : null },
      200,
    )
  })
  routes.openapi(forgiveSender, async context => {
    const { sender, note } = context.req.valid('json')
    const address = getAddress(sender.toLowerCase())
    const forgiven = await forgiveMishaps(database, address)
    const { actor } = context.var
    await audit.append({ actor, action: 'policy.forgive', subject: address, detail: { forgiven, note } })
    live.tell({ kind: 'policy' })
    return context.json({ forgiven }, 200)
  })
  return routes
}
