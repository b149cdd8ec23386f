// Other ERC-20s, token by token to the smallest unit: what the ledger booked and the contract kept, gave back and paid out,
// against what the contract holds; and each operation and transfer that makes the difference.
import type { Kysely } from 'kysely'
import { type Address, erc20Abi, getAddress, type Hash, type PublicClient } from 'viem'
import type { OtherTokenCheck } from '../admin/reconciliation/schema.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import { tokenAmount } from '../tokenAmount.ts'
import { type BookedCharge, readBookedCharges } from './bookedCharges.ts'
import type { Item } from './books.ts'
import { type Erc20Movement, erc20FiltersOf, erc20MovementsOf } from './erc20Movements.ts'
import { readLogRanges } from './logRanges.ts'
import type { Standing } from './reconcile.ts'

type Token = { readonly address: Address; readonly symbol: string; readonly decimals: number }
type Charge = Erc20Movement & { kind: 'charge' }

export type ComparedErc20s = { readonly checks: readonly OtherTokenCheck[]; readonly items: readonly Item[] }

export async function compareErc20s(options: {
  readonly client: PublicClient
  readonly database: Kysely<LedgerSchema>
  readonly paymaster: Address
  readonly from: Standing
  readonly to: Standing
  /** Of the run that ended at `from`. */
  readonly before: readonly OtherTokenCheck[]
  readonly signal: AbortSignal
}): Promise<ComparedErc20s> {
  const { client, database, paymaster, from, to, before, signal } = options
  const tokens = await readTokens(database)
  if (tokens.length === 0) return { checks: [], items: [] }
  const addresses = tokens.map(({ address }) => address)
  const movements: Erc20Movement[] = []
  const filters = erc20FiltersOf(paymaster, addresses)
  const range = { client, filters, fromBlock: from.number + 1n, toBlock: to.number, signal }
  for await (const { logs } of readLogRanges(range)) {
    movements.push(...erc20MovementsOf(logs, paymaster, new Set<string>(addresses)))
  }
  const charges = movements.filter(movement => movement.kind === 'charge')
  const booked = await readBookedCharges(
    database,
    charges.map(({ userOperationHash }) => userOperationHash),
  )
  const balance = async ({ address }: Token, { hash }: Standing): Promise<bigint | undefined> =>
    await client
      .readContract({ address, abi: erc20Abi, functionName: 'balanceOf', args: [paymaster], blockHash: hash })
      .catch(() => undefined)
  const compared = await Promise.all(
    tokens.map(async token => {
      const last = before.find(check => check.token === getAddress(token.address))
      const actual = await balance(token, to)
      // One that does not answer cannot be compared; its movements are gone through again once it does.
      if (actual === undefined) return undefined
      const base = last === undefined ? await balance(token, from) : BigInt(last.actual)
      const its = movements.filter(movement => movement.token === token.address)
      return compareOne({ token, its, booked, actual, base, carried: BigInt(last?.carried ?? 0) })
    }),
  )
  const done = compared.filter(one => one !== undefined)
  return { checks: done.map(({ check }) => check), items: done.flatMap(({ items }) => items) }
}

/** Set up now, or ever paid in. */
async function readTokens(database: Kysely<LedgerSchema>): Promise<readonly Token[]> {
  const [known, paid] = await Promise.all([
    database.selectFrom('token').select(['address', 'symbol', 'decimals']).execute(),
    database.selectFrom('token_hour').select('token').distinct().execute(),
  ])
  const tokens = new Map(known.map(token => [token.address, token]))
  for (const { token } of paid) {
    if (!tokens.has(token))
      tokens.set(token, { address: token, symbol: `× ${token.slice(0, 8)}…`, decimals: 0 })
  }
  return [...tokens.values()].map(token => ({ ...token, address: token.address as Address }))
}

function compareOne(options: {
  readonly token: Token
  readonly its: readonly Erc20Movement[]
  readonly booked: ReadonlyMap<Hash, BookedCharge>
  readonly actual: bigint
  /** Undefined where the node does not say: it begins with what there is now. */
  readonly base: bigint | undefined
  readonly carried: bigint
}): { readonly check: OtherTokenCheck; readonly items: readonly Item[] } {
  const { token, its, booked, actual } = options
  const sum = (kind: Erc20Movement['kind']): bigint =>
    its.reduce((all, movement) => (movement.kind === kind ? all + movement.units : all), 0n)
  const charges = its.filter(movement => movement.kind === 'charge')
  const ours = charges.filter(({ userOperationHash }) => booked.get(userOperationHash)?.isOurs === true)
  const charged = ours.reduce((all, { userOperationHash }) => {
    return all + (unitsIn(booked.get(userOperationHash), token) ?? 0n)
  }, 0n)
  const [kept, claimed, withdrawn] = [sum('refundKept'), sum('refundClaimed'), sum('withdrawal')]
  const moved = charged + kept - claimed - withdrawn
  const base = options.base ?? actual - moved
  const drift = actual - (base + moved)
  const ofCharges = options.base === undefined ? [] : chargeItems(token, charges, booked)
  // Not every token tells of what it moves: where the balance is right, that is no drift.
  const isRight = total(ofCharges) === drift
  const items = isRight ? ofCharges : [...ofCharges, ...transferItems(token, its)]
  const explained = total(items)
  return {
    check: {
      ...{ token: getAddress(token.address), symbol: token.symbol, decimals: token.decimals },
      base: String(base),
      ...{ charged: String(charged), refundsKept: String(kept), refundsClaimed: String(claimed) },
      ...{ withdrawn: String(withdrawn), operations: ours.length },
      ...{ expected: String(base + moved), actual: String(actual), drift: String(drift) },
      ...{ explained: String(explained), carried: String(options.carried + drift - explained) },
    },
    items,
  }
}

function total(items: readonly Item[]): bigint {
  return items.reduce((sum, { wei }) => sum + wei, 0n)
}

function unitsIn(known: BookedCharge | undefined, { address }: Token): bigint | undefined {
  return known?.token === address ? known.units : undefined
}

function chargeItems(
  token: Token,
  charges: readonly Charge[],
  booked: ReadonlyMap<Hash, BookedCharge>,
): readonly Item[] {
  return charges.flatMap((charge): Item[] => {
    const { units, userOperationHash, sender: account, transactionHash, blockNumber } = charge
    const known = booked.get(userOperationHash)
    const at = { transactionHash, userOperationHash, account, blockNumber, token: token.address }
    const paid = tokenAmount(units, token)
    if (known?.isOurs !== true) {
      const says = `An operation of ${account} that this ledger did not sign for paid ${paid}`
      return [{ ...at, kind: 'foreignCharge', wei: units, says }]
    }
    const bookedUnits = unitsIn(known, token)
    if (bookedUnits === units) return []
    return [
      bookedUnits === undefined
        ? {
            ...{ ...at, kind: 'unbookedCharge', wei: units },
            says: `An operation of ${account} paid ${paid}, which is not booked`,
          }
        : {
            ...{ ...at, kind: 'wrongCharge', wei: units - bookedUnits },
            says: `An operation of ${account} is booked as having paid ${tokenAmount(bookedUnits, token)}, and paid ${paid}`,
          },
    ]
  })
}

/** What a transaction moved beyond what the contract says it moved for: a gift, or a charge that was never settled. */
function transferItems(token: Token, its: readonly Erc20Movement[]): readonly Item[] {
  const byTransaction = new Map<Hash, Erc20Movement[]>()
  for (const movement of its) {
    const { transactionHash } = movement
    byTransaction.set(transactionHash, [...(byTransaction.get(transactionHash) ?? []), movement])
  }
  return [...byTransaction].flatMap(([transactionHash, movements]): Item[] => {
    const wei = movements.reduce((rest, { kind, units }) => {
      return kind === 'transfer' || kind === 'refundClaimed' || kind === 'withdrawal'
        ? rest + units
        : rest - units
    }, 0n)
    if (wei === 0n) return []
    const [first] = movements.filter(movement => movement.kind === 'transfer')
    const account = first?.other ?? null
    return [
      {
        ...{ kind: 'tokenTransfer', wei, transactionHash, userOperationHash: null, account },
        ...{ blockNumber: movements[0]?.blockNumber ?? 0n, token: token.address },
        says: `${tokenAmount(wei, token)} were moved for no charge, refund or withdrawal`,
      },
    ]
  })
}
