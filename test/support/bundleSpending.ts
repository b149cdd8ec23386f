// What bundlers sent to the chain and what for: the judge of "no gas for nothing".
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hash, type PublicClient, parseEventLogs } from 'viem'
import { entryPoint07 } from '../../bundler/src/entryPoint/entryPoint07.ts'
import { bundledOperations } from '../../bundler/src/receipt/bundledOperations.ts'

export type BundleTransaction = {
  readonly executor: Address
  readonly blockNumber: bigint
  readonly gasUsed: bigint
  /** The operations in it, and those of them that landed by it. */
  readonly carried: readonly Hash[]
  readonly landed: readonly Hash[]
  /** Nothing landed by it, and it was no cancellation. */
  readonly isWasted: boolean
}

export type Spending = {
  readonly bundles: number
  readonly wasted: number
  readonly gas: bigint
  readonly wastedGas: bigint
}

const domain = { chainId: 103, entryPoint: entryPoint07Address } as const

/** All that these executors sent, as far as it stands in the chain. */
export async function readBundleTransactions(
  client: PublicClient,
  executors: readonly Address[],
  fromBlock = 1n,
): Promise<readonly BundleTransaction[]> {
  const wanted = new Set(executors.map(address => address.toLowerCase()))
  const head = await client.getBlockNumber({ cacheTime: 0 })
  const found: BundleTransaction[] = []
  for (let blockNumber = fromBlock; blockNumber <= head; blockNumber++) {
    const block = await client.getBlock({ blockNumber, includeTransactions: true })
    for (const { from, to, hash, input } of block.transactions) {
      if (!wanted.has(from.toLowerCase())) continue
      const { gasUsed, logs } = await client.getTransactionReceipt({ hash })
      const events = parseEventLogs({ abi: entryPoint07Abi, logs, eventName: 'UserOperationEvent' })
      const landed = events.map(({ args }) => args.userOpHash)
      const isWasted = landed.length === 0 && to !== from
      const carried = [...bundledOperations(input, entryPoint07, domain).operations.keys()]
      found.push({ executor: from, blockNumber, gasUsed, carried, landed, isWasted })
    }
  }
  return found
}

export function spendingOf(transactions: readonly BundleTransaction[]): Spending {
  const gasOf = (some: readonly BundleTransaction[]): bigint =>
    some.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)
  const wasted = transactions.filter(({ isWasted }) => isWasted)
  return {
    bundles: transactions.length,
    wasted: wasted.length,
    gas: gasOf(transactions),
    wastedGas: gasOf(wasted),
  }
}
