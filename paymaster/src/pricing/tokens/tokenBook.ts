// The tokens that gas can be paid in beside the compute token, as the operator has set them: in the database, changed
// while running. What the chain says of a token (name, symbol, decimals) is read once, when it is added.
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import { type Address, getAddress, isAddressEqual } from 'viem'
import type { TokenSettings } from '../../admin/tokens/schema.ts'
import type { TokenSlots } from '../tokenSlots.ts'
import type { TokenTables } from './tables.ts'

/** The contract counts units in 128 bits; beyond that many decimals one coin's worth of a token may not fit. */
export const mostTokenDecimals = 36

export type AcceptedToken = {
  readonly address: Address
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  readonly slots: TokenSlots
  readonly settings: TokenSettings
  /** Seconds since the Unix epoch. */
  readonly changedAtSeconds: number
}

export type TokenBook = {
  /** Disabled ones too. */
  all(): readonly AcceptedToken[]
  find(address: Address): AcceptedToken | undefined
  /** Adds or changes it; resolves once it is on the disk. */
  save(address: Address, settings: TokenSettings): Promise<Result<AcceptedToken>>
  remove(address: Address): Promise<boolean>
}

export type ReadToken = (
  address: Address,
) => Promise<Result<Pick<AcceptedToken, 'name' | 'symbol' | 'decimals' | 'slots'>>>

const invalid = -32602

export async function openTokenBook(options: {
  readonly database: Kysely<TokenTables>
  readonly computeToken: Address
  readonly readToken: ReadToken
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): Promise<TokenBook> {
  const { database, computeToken, readToken, now } = options
  const rows = await database.selectFrom('token').selectAll().execute()
  const tokens = new Map<string, AcceptedToken>(
    rows.map(row => [
      row.address,
      {
        address: getAddress(row.address),
        name: row.name,
        symbol: row.symbol,
        decimals: row.decimals,
        slots: {
          ...(row.balance_slot === null ? {} : { balanceSlot: BigInt(row.balance_slot) }),
          ...(row.allowance_slot === null ? {} : { allowanceSlot: BigInt(row.allowance_slot) }),
        },
        settings: JSON.parse(row.settings) as TokenSettings,
        changedAtSeconds: row.changed_at,
      },
    ]),
  )

  async function write(token: AcceptedToken): Promise<void> {
    const { name, symbol, decimals, slots, settings, changedAtSeconds } = token
    const row = {
      name,
      symbol,
      decimals,
      balance_slot: slots.balanceSlot === undefined ? null : String(slots.balanceSlot),
      allowance_slot: slots.allowanceSlot === undefined ? null : String(slots.allowanceSlot),
      settings: JSON.stringify(settings),
      changed_at: changedAtSeconds,
    }
    await database
      .insertInto('token')
      .values({ address: token.address.toLowerCase(), ...row })
      .onConflict(conflict => conflict.column('address').doUpdateSet(row))
      .execute()
  }

  return {
    all: () => [...tokens.values()],
    find: address => tokens.get(address.toLowerCase()),
    async save(address, settings) {
      if (isAddressEqual(address, computeToken)) {
        return refuse({
          code: invalid,
          message: `${address} is the compute token: it is always taken, at par; its markup is --markup-bps`,
          data: { field: 'address' },
        })
      }
      const known = tokens.get(address.toLowerCase())
      const facts = known === undefined ? await readToken(address) : accept(known)
      if (!facts.ok) return facts
      const { name, symbol, decimals, slots } = facts.value
      const token = {
        address: getAddress(address),
        name,
        symbol,
        decimals,
        slots,
        settings,
        changedAtSeconds: now(),
      }
      await write(token)
      tokens.set(address.toLowerCase(), token)
      return accept(token)
    },
    async remove(address) {
      await database.deleteFrom('token').where('address', '=', address.toLowerCase()).execute()
      return tokens.delete(address.toLowerCase())
    },
  }
}
