// One comparison of the books with the chain, from the block of the last one to the newest final block: to the wei, at one
// block hash. What a reorg changes while it is read is read again.

import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Kysely } from 'kysely'
import { type Address, BlockNotFoundError, type Hash, type PublicClient } from 'viem'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Journal } from '../treasury/journal.ts'
import { type Books, createBooks, type Item, mostItems, type Sums } from './books.ts'
import { readLogRanges } from './logRanges.ts'
import { filtersOf, movementsOf, type Place } from './movements.ts'

/** What the contracts say at one block. */
export type Standing = {
  readonly number: bigint
  readonly hash: Hash
  /** Without what is owed in tips; below zero where gas has used that up. */
  readonly depositWei: bigint
  readonly tipsOwedWei: bigint
  readonly tanksWei: bigint
  readonly tokensWei: bigint
}

export type Compared = {
  readonly from: Standing
  readonly to: Standing
  readonly sums: Sums
  readonly explainedWei: bigint
  readonly items: readonly Item[]
}

/** The chain moved meanwhile: what was read is of no one chain. */
export class ChainMoved extends Error {}

export async function readStanding(client: PublicClient, place: Place, number: bigint): Promise<Standing> {
  const { entryPoint, paymaster, token } = place
  const { hash } = await client.getBlock({ blockNumber: number })
  const at = { blockHash: hash }
  const [balanceWei, tipsOwedWei, tanksWei, tokensWei] = await Promise.all([
    client.readContract({
      ...{ address: entryPoint, abi: entryPoint07Abi, functionName: 'balanceOf' },
      args: [paymaster],
      ...at,
    }),
    client.readContract({ address: paymaster, abi: computePaymasterAbi, functionName: 'tipsOwedWei', ...at }),
    client.readContract({ address: paymaster, abi: computePaymasterAbi, functionName: 'tanksWei', ...at }),
    client.readContract({
      ...{ address: token, abi: computeTokenAbi, functionName: 'balanceOf' },
      args: [paymaster],
      ...at,
    }),
  ])
  return { number, hash, depositWei: balanceWei - tipsOwedWei, tipsOwedWei, tanksWei, tokensWei }
}

export async function isCanonical(
  client: PublicClient,
  block: { number: bigint; hash: Hash },
): Promise<boolean> {
  try {
    const { hash } = await client.getBlock({ blockNumber: block.number })
    return hash === block.hash
  } catch (error) {
    if (error instanceof BlockNotFoundError) return false
    throw error
  }
}

export async function compare(options: {
  readonly client: PublicClient
  readonly database: Kysely<LedgerSchema>
  readonly journal: Pick<Journal, 'known'>
  readonly place: Place
  readonly from: Standing
  readonly toNumber: bigint
  readonly onSigner: (signer: Address) => Promise<void>
  readonly signal: AbortSignal
}): Promise<Compared> {
  const { client, place, from, toNumber, signal } = options
  const books = createBooks({ ...options, baseWei: from.depositWei + from.tipsOwedWei })
  const to = await readStanding(client, place, toNumber)
  const ranges = { client, filters: filtersOf(place), fromBlock: from.number + 1n, toBlock: toNumber, signal }
  for await (const { logs } of readLogRanges(ranges)) {
    const movements = movementsOf(logs, place)
    await books.add(movements)
    for (const signer of movements.signers) await options.onSigner(signer)
  }
  const still = await Promise.all([isCanonical(client, from), isCanonical(client, to)])
  if (still.includes(false)) throw new ChainMoved('The chain moved while it was read')
  return settle(books, from, to)
}

/** What came in within bundles is whatever the balance has beyond all else. */
function settle(books: Books, from: Standing, to: Standing): Compared {
  const sums = books.sums()
  const [last] = sums.untold.slice(-1)
  const { explainedWei } = sums
  if (last === undefined) return { from, to, sums, explainedWei, items: books.items() }
  const restWei = to.depositWei - expectedWei(from, sums) - explainedWei
  const items = sums.untold.map(item => (item === last ? { ...item, wei: restWei } : item))
  return {
    from,
    to,
    sums: {
      ...sums,
      itemCount: sums.itemCount + items.length,
      gross: { ...sums.gross, depositedWei: sums.gross.depositedWei + restWei },
    },
    explainedWei: explainedWei + restWei,
    items: [...books.items(), ...items].slice(0, mostItems),
  }
}

export function expectedWei(from: Standing, sums: Sums): bigint {
  return from.depositWei + sums.depositedWei - sums.withdrawnWei - sums.bookedWei
}
