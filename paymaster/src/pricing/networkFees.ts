// Between which fees an operation is signed for: one that can land now, and not much dearer than others land at. What a
// tip is above the network's is its bundler's gain. Asked of the node once a block, never for a request.
import { competitionTip } from '@worldland-aa/sdk/protocol/competitionTip'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { PublicClient } from 'viem'

/** Wei per gas. */
export type FeeBounds = {
  /** Base fee of the next block: below it nothing lands. */
  readonly leastFeePerGasWei: bigint
  readonly mostFeePerGasWei: bigint
  readonly mostPriorityFeePerGasWei: bigint
}

export type NetworkFees = Part & {
  bounds(): FeeBounds
  onChainUpdate(update: ChainUpdate): Promise<void>
}

export type NetworkFeesOptions = {
  readonly client: PublicClient
  /** Of the highest base fee of the last blocks: a doubling takes six full blocks (EIP-1559). */
  readonly baseFeePercent: number
  /** Of the network's tip: unmodified clients offer twice what a node tells them. */
  readonly tipPercent: number
  /** The network's tip while its blocks have room; wei per gas. */
  readonly usualPriorityFeePerGasWei: bigint
  readonly logger: Logger
}

/** Of the tips in a full block: as the dearest of the prices that bundlers quote. */
const tipPercentile = 90
/** For so many blocks a fee that was asked for stays plausible. */
const windowBlocks = 10

export function createNetworkFees(options: NetworkFeesOptions): NetworkFees {
  const { client, logger, usualPriorityFeePerGasWei } = options
  /** Of the next block, as of the last heads; newest last. */
  let baseFees: readonly bigint[] = []
  let tipWei = usualPriorityFeePerGasWei

  async function ask(): Promise<void> {
    const history = await client.getFeeHistory({
      blockCount: windowBlocks,
      blockTag: 'latest',
      rewardPercentiles: [tipPercentile],
    })
    tipWei = competitionTip(history, { column: 0, leastWei: usualPriorityFeePerGasWei })
    baseFees = history.baseFeePerGas
  }

  return {
    name: 'network fees',
    start: ask,
    async stop() {},
    bounds() {
      const leastFeePerGasWei = baseFees.at(-1) ?? 0n
      const mostPriorityFeePerGasWei = percentOf(tipWei, options.tipPercent)
      const mostBaseFeeWei = percentOf(baseFees.reduce(larger, 0n), options.baseFeePercent)
      return {
        leastFeePerGasWei,
        mostFeePerGasWei: mostBaseFeeWei + mostPriorityFeePerGasWei,
        mostPriorityFeePerGasWei,
      }
    },
    async onChainUpdate({ head }) {
      try {
        await ask()
      } catch (error) {
        logger.warn({ error }, 'eth_feeHistory failed; the base fee is taken from the block itself')
        baseFees = [...baseFees.slice(1 - windowBlocks), head.baseFeePerGas]
      }
    },
  }
}

function percentOf(wei: bigint, percent: number): bigint {
  return (wei * BigInt(percent)) / 100n
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
