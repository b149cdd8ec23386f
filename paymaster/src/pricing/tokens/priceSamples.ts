// Prices over time: one for each token and five minutes, two days of them, for a chart and for the first comparison after
// a restart.
import type { Kysely } from 'kysely'
import type { Address } from 'viem'
import type { Ratio } from '../oracles/ratio.ts'
import type { TokenTables } from './tables.ts'

export const sampleSeconds = 300
const keptSeconds = 2 * 86_400
/** An older price says nothing about whether a new one is plausible. */
const comparableSeconds = 86_400

export type PriceSample = { readonly atSeconds: number; readonly ratio: Ratio }

export type PriceSamples = {
  /** The newest of five minutes stands. */
  add(token: Address, sample: PriceSample): Promise<void>
  /** Oldest first. */
  since(token: Address, fromSeconds: number): Promise<readonly PriceSample[]>
  newest(token: Address, nowSeconds: number): Promise<Ratio | undefined>
}

export function createPriceSamples(database: Kysely<TokenTables>): PriceSamples {
  const slots = new Map<string, number>()
  return {
    async add(token, { atSeconds, ratio }) {
      const id = token.toLowerCase()
      const at = atSeconds - (atSeconds % sampleSeconds)
      if (slots.get(id) === at) return
      slots.set(id, at)
      const row = { units: String(ratio.units), wei: String(ratio.wei) }
      await database
        .insertInto('token_price_sample')
        .values({ token: id, at, ...row })
        .onConflict(conflict => conflict.columns(['token', 'at']).doUpdateSet(row))
        .execute()
      await database
        .deleteFrom('token_price_sample')
        .where('token', '=', id)
        .where('at', '<', at - keptSeconds)
        .execute()
    },
    async since(token, fromSeconds) {
      const rows = await database
        .selectFrom('token_price_sample')
        .selectAll()
        .where('token', '=', token.toLowerCase())
        .where('at', '>=', fromSeconds)
        .orderBy('at')
        .limit(keptSeconds / sampleSeconds + 1)
        .execute()
      return rows.map(row => ({
        atSeconds: row.at,
        ratio: { units: BigInt(row.units), wei: BigInt(row.wei) },
      }))
    },
    async newest(token, nowSeconds) {
      const row = await database
        .selectFrom('token_price_sample')
        .selectAll()
        .where('token', '=', token.toLowerCase())
        .where('at', '>', nowSeconds - comparableSeconds)
        .orderBy('at', 'desc')
        .executeTakeFirst()
      return row && { units: BigInt(row.units), wei: BigInt(row.wei) }
    },
  }
}
