// What the books open with. Nobody has counted before the first comparison, so what the contracts hold by then is counted
// out of the chain's own events, from the block in which the paymaster came to be; where a node cannot say what was then,
// the books open with what the contracts hold, and say why.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { ContractFunctionZeroDataError, type PublicClient } from 'viem'
import type { Opening } from '../admin/reconciliation/schema.ts'
import type { Item } from './books.ts'
import { findCreation } from './creation.ts'
import { isRefusal } from './logRanges.ts'
import type { Place } from './movements.ts'
import { type Compared, compare, readStanding, type Standing } from './reconcile.ts'

export type Opened = {
  readonly to: Standing
  readonly opening: Opening
  /** What the ledger has of operations before, and has wrong. */
  readonly items: readonly Item[]
  /** Why the node did not say what was then. */
  readonly refusal?: unknown
}

/** Beyond, reading takes long and burdens the node: some months of blocks. */
export const mostOpeningBlocks = 2_000_000n

const ownKinds: readonly Item['kind'][] = ['wrongCost', 'unbookedOperation']

export async function openBooks(
  options: Omit<Parameters<typeof compare>[0], 'from'> & { readonly mostBlocks?: bigint },
): Promise<Opened> {
  const { client, place, toNumber, mostBlocks = mostOpeningBlocks } = options
  try {
    const created = await findCreation(client, place.paymaster, toNumber)
    if (created === undefined) return await taken(client, place, toNumber, 'noContract')
    if (toNumber - created > mostBlocks) return await taken(client, place, toNumber, 'tooLong')
    const from = await readBefore(client, place, created)
    return opened(await compare({ ...options, from }))
  } catch (error) {
    // Many a node keeps no state or logs of long ago, each saying so in its own words.
    if (!isRefusal(error)) throw error
    return { ...(await taken(client, place, toNumber, 'notKept')), refusal: error }
  }
}

function opened({ from, to, sums, items }: Compared): Opened {
  const { depositedWei, withdrawnWei, costWei, operations } = sums.gross
  const derivedWei = from.depositWei + depositedWei - withdrawnWei - costWei
  const own = items.filter(({ kind }) => ownKinds.includes(kind))
  return {
    to,
    items: own,
    opening: {
      kind: 'derived',
      block: Number(to.number),
      sinceBlock: Number(from.number),
      depositedWei: String(from.depositWei + depositedWei),
      withdrawnWei: String(withdrawnWei),
      operationCostWei: String(costWei),
      operations,
      depositWei: String(to.depositWei),
      drift: {
        depositWei: String(to.depositWei - derivedWei),
        tipsWei: String(to.tipsOwedWei - from.tipsOwedWei - sums.tipsOwedWei),
        tanksWei: String(to.tanksWei - from.tanksWei - sums.tanksWei),
        tokensWei: String(to.tokensWei - from.tokensWei - sums.tokensWei),
      },
    },
  }
}

async function taken(
  client: PublicClient,
  place: Place,
  toNumber: bigint,
  why: (Opening & { kind: 'taken' })['why'],
): Promise<Opened> {
  const to = await readStanding(client, place, toNumber)
  const [block, depositWei] = [Number(to.number), String(to.depositWei)]
  return { to, items: [], opening: { kind: 'taken', block, depositWei, why } }
}

/** Before the contract came: somebody may have paid in for its address all the same. */
async function readBefore(client: PublicClient, place: Place, created: bigint): Promise<Standing> {
  if (created === 0n) return await readStanding(client, place, created)
  const { entryPoint, paymaster, token } = place
  const { number, hash } = await client.getBlock({ blockNumber: created - 1n })
  const at = { functionName: 'balanceOf', args: [paymaster], blockHash: hash } as const
  const [depositWei, tokensWei] = await Promise.all([
    orNothing(client.readContract({ address: entryPoint, abi: entryPoint07Abi, ...at })),
    orNothing(client.readContract({ address: token, abi: computeTokenAbi, ...at })),
  ])
  return { number, hash, depositWei, tipsOwedWei: 0n, tanksWei: 0n, tokensWei }
}

/** Of a contract that was not there yet. */
async function orNothing(read: Promise<bigint>): Promise<bigint> {
  try {
    return await read
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof ContractFunctionZeroDataError) return 0n
    }
    throw error
  }
}
