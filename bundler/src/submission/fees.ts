// What gas costs now: for the bundles we send, for the prices we quote, and for the least we accept.
// One eth_feeHistory a block feeds all three.
import { competitionTip } from '@worldland-aa/sdk/protocol/competitionTip'
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import { Gauge, type Registry } from 'prom-client'
import type { PublicClient } from 'viem'
import { lesser } from '../extremes.ts'
import { mostTipTimes } from '../participation/policy/contest.ts'

/** Wei per gas. */
export type FeePair = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

export type CurrentFees = {
  /** Of the next block. */
  readonly baseFeePerGas: bigint
  readonly slow: FeePair
  readonly standard: FeePair
  readonly fast: FeePair
  /** What a bundle offers at most, where others would take its operations from under its hands. */
  readonly contested: FeePair
}

export type FeesOptions = {
  readonly client: PublicClient
  /** Lowest tip that miners take; wei per gas. */
  readonly minimumPriorityFeePerGasWei: bigint
  /** Never more than this, for anything; wei per gas. */
  readonly maxFeePerGasWei: bigint
  readonly registry: Registry
  readonly logger: Logger
}

export type Fees = Part & {
  currentFees(): CurrentFees
  /** The least with which an operation is worth taking: the lowest of the last blocks, so that a quote stays good. */
  minimumFees(): FeePair
  onChainUpdate(update: ChainUpdate): Promise<void>
}

/** Blocks whose tips are looked at, and for which a quote stays good. */
const windowBlocks = 10
const percentiles = [10, 50, 90]

export function createFees(options: FeesOptions): Fees {
  const { client, logger } = options
  const outage = createOutageLog(logger)
  let current: CurrentFees | undefined
  /** Base fees of the next block as of the last heads, newest last. */
  let baseFees: bigint[] = []
  const gauges = createFeeGauges(options.registry)

  function fees(): CurrentFees {
    if (current === undefined) throw new Error('The fees are not known before start')
    return current
  }

  function quote(baseFeePerGas: bigint, headroomPercent: bigint, tip: bigint): FeePair {
    const maxFeePerGas = (baseFeePerGas * (100n + headroomPercent) + 99n) / 100n + tip
    return {
      maxFeePerGas: lesser(maxFeePerGas, options.maxFeePerGasWei),
      maxPriorityFeePerGas: lesser(tip, options.maxFeePerGasWei),
    }
  }

  /** The base fee rises by an eighth a block at most: the headroom lasts for 2, 3 and 6 full blocks. */
  function settle(baseFeePerGas: bigint, [slowTip, standardTip, fastTip]: Tips): void {
    current = {
      baseFeePerGas,
      slow: quote(baseFeePerGas, 25n, slowTip),
      standard: quote(baseFeePerGas, 50n, standardTip),
      fast: quote(baseFeePerGas, 100n, fastTip),
      contested: quote(baseFeePerGas, 100n, standardTip * mostTipTimes),
    }
    baseFees = [...baseFees, baseFeePerGas].slice(-windowBlocks)
    gauges.baseFeePerGas.set(Number(baseFeePerGas))
    gauges.priorityFeePerGas.set(Number(standardTip))
  }

  async function ask(): Promise<void> {
    const history = await client.getFeeHistory({
      blockCount: windowBlocks,
      blockTag: 'latest',
      rewardPercentiles: percentiles,
    })
    const baseFeePerGas = history.baseFeePerGas.at(-1)
    if (baseFeePerGas === undefined) throw new Error('The node answered eth_feeHistory without base fees')
    const leastWei = options.minimumPriorityFeePerGasWei
    const tipAt = (column: number): bigint => competitionTip(history, { column, leastWei })
    settle(baseFeePerGas, [tipAt(0), tipAt(1), tipAt(2)])
  }

  /** What the block itself tells, when eth_feeHistory does not answer: never too little. */
  function guess(head: Block): void {
    const { slow, standard, fast } = fees()
    const tips = [slow, standard, fast].map(pair => pair.maxPriorityFeePerGas) as [bigint, bigint, bigint]
    settle((head.baseFeePerGas * 9n + 7n) / 8n, tips)
  }

  return {
    name: 'fees',
    start: ask,
    async stop() {},
    currentFees: fees,
    minimumFees() {
      fees()
      const tip = options.minimumPriorityFeePerGasWei
      return { maxFeePerGas: baseFees.reduce(lesser) + tip, maxPriorityFeePerGas: tip }
    },
    async onChainUpdate({ head }) {
      try {
        await ask()
        outage.over('eth_feeHistory answers again')
      } catch (error) {
        outage.begun({ error }, 'eth_feeHistory fails; the fees are taken from the blocks themselves')
        guess(head)
      }
    },
  }
}

type Tips = readonly [bigint, bigint, bigint]

export function createFeeGauges(registry: Registry): { baseFeePerGas: Gauge; priorityFeePerGas: Gauge } {
  const registers = [registry]
  return {
    baseFeePerGas: new Gauge({
      name: 'bundler_fees_base_fee_per_gas_wei',
      help: 'Base fee of the next block',
      registers,
    }),
    priorityFeePerGas: new Gauge({
      name: 'bundler_fees_priority_fee_per_gas_wei',
      help: 'Tip of the standard quote',
      registers,
    }),
  }
}
