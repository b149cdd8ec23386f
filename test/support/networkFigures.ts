// How a network of bundlers has done, by the word of the chain and of their data files: who landed what and how long it
// took, which promises were kept, what was wasted and through whom, who was struck and who was tipped.

import { join } from 'node:path'
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import { type Address, type Hash, type PublicClient, parseEventLogs } from 'viem'
import type { NetworkBundler } from './bundlerNetwork.ts'
import {
  type BundleTransaction,
  readBundleTransactions,
  type Spending,
  spendingOf,
} from './bundleSpending.ts'
import { type Landing, readLandings } from './landings.ts'
import type { Acknowledged } from './networkUsers.ts'

export type BundlerFigures = {
  readonly bundler: NetworkBundler
  readonly transactions: readonly BundleTransaction[]
  readonly landed: ReadonlySet<Hash>
  readonly spending: Spending
  /** Blocks at which it was tipped, once for each operation, and at which it was struck. */
  readonly tippedAt: readonly bigint[]
  readonly struckAt: readonly bigint[]
  /** What it promised, from its data file, whether it runs or not; and what had not landed by then. */
  readonly promised: readonly PromiseWord[]
  readonly broken: readonly PromiseWord[]
}

export type PromiseWord = {
  readonly operation: Hash
  /** Head when it was signed, as its bundler saw it. */
  readonly signedAtBlock: bigint
  readonly latestBlock: bigint
}

type Landings = ReadonlyMap<Hash, readonly Landing[]>

export async function readFigures(options: {
  readonly client: PublicClient
  readonly registry: Address
  readonly paymasters: readonly Address[]
  readonly bundlers: readonly NetworkBundler[]
  readonly fromBlock: bigint
}): Promise<readonly BundlerFigures[]> {
  const { client, registry, paymasters, fromBlock } = options
  const landings = await readLandings(client)
  const ofAll = { fromBlock, toBlock: 'latest' } as const
  const tips = parseEventLogs({
    abi: computePaymasterAbi,
    logs: await client.getLogs({ address: [...paymasters], ...ofAll }),
    eventName: 'LeaderTipped',
  })
  const strikes = parseEventLogs({
    abi: bundlerRegistryAbi,
    logs: await client.getLogs({ address: registry, ...ofAll }),
    eventName: 'Struck',
  })
  const figures: BundlerFigures[] = []
  for (const bundler of options.bundlers) {
    const transactions = await readBundleTransactions(client, bundler.executors, fromBlock)
    const blocksOf = (events: readonly { args: { bundlerId: number }; blockNumber: bigint }[]) =>
      events.filter(({ args }) => args.bundlerId === bundler.bundlerId).map(({ blockNumber }) => blockNumber)
    figures.push({
      bundler,
      transactions,
      landed: new Set(transactions.flatMap(({ landed }) => landed)),
      spending: spendingOf(transactions),
      tippedAt: blocksOf(tips),
      struckAt: blocksOf(strikes),
      ...judgePromises(bundler, landings),
    })
  }
  return figures
}

function judgePromises({ folder }: NetworkBundler, landings: Landings) {
  const rows = lookIntoDatabase(
    join(folder, 'bundler.sqlite'),
    'select operation_hash, known_since_block, latest_block from inclusion_promise where is_own = 1',
  ) as { operation_hash: Hash; known_since_block: number; latest_block: number }[]
  const promised = rows.map(row => ({
    operation: row.operation_hash,
    signedAtBlock: BigInt(row.known_since_block),
    latestBlock: BigInt(row.latest_block),
  }))
  const isKept = ({ operation, latestBlock }: PromiseWord) =>
    landings.get(operation)?.some(({ blockNumber }) => blockNumber <= latestBlock) === true
  return { promised, broken: promised.filter(one => !isKept(one)) }
}

/** Bundles that came to nothing though their operations were no longer anybody's but these others'. */
export function wastedThrough(
  ones: readonly BundlerFigures[],
  others: readonly BundlerFigures[],
): readonly BundleTransaction[] {
  return ones
    .flatMap(({ transactions }) => transactions)
    .filter(
      ({ isWasted, carried }) =>
        isWasted && carried.some(hash => others.some(({ landed }) => landed.has(hash))),
    )
}

/** Blocks from the head at which each was acknowledged to the one that it landed in. */
export async function landingTimes(client: PublicClient, acknowledged: readonly Acknowledged[]) {
  const landings = await readLandings(client)
  const sorted = acknowledged
    .map(({ operation, block }) => Number((landings.get(operation.hash)?.[0]?.blockNumber ?? block) - block))
    .sort((one, other) => one - other)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { p50: at(0.5), p95: at(0.95), most: at(1) }
}

/** A line for each bundler. */
export function describeFigures(
  figures: readonly BundlerFigures[],
  roleOf: (bundler: NetworkBundler) => string,
): string {
  return figures
    .map(({ bundler, landed, spending, tippedAt, struckAt, promised, broken }) =>
      [
        `  ${bundler.bundlerId} ${roleOf(bundler)}: landed ${landed.size} in ${spending.bundles} bundles`,
        `wasted ${spending.wasted} (${spending.wastedGas} of ${spending.gas} gas)`,
        `tips ${tippedAt.length}`,
        `strikes ${struckAt.length}`,
        `promised ${promised.length}, broken ${broken.length}\n`,
      ].join(', '),
    )
    .join('')
}
