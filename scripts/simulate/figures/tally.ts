// Counts what settles, and says in the end what it came to.
import type { Schedule } from '@worldland-aa/bundler/participation/schedule/schedule'
import type { Block } from '../chain/block.ts'
import type { Equivocations } from '../court/equivocations.ts'
import type { PromiseBook } from '../court/promiseBook.ts'
import type { Ledger } from '../ledger.ts'
import type { BundlerNode } from '../node/bundlerNode.ts'
import type { Scenario } from '../scenario.ts'
import { byRank, type Figures, groupsOf, percent, round, spreadOf } from './figures.ts'
import { createLandings } from './landings.ts'
import { createWindowCount } from './windowCount.ts'

export type Tally = {
  settled(block: Block, schedule: Schedule, hadWork: boolean): void
  reorged(blocks: number): void
  figures(end: {
    accepted: number
    ledger: Ledger
    promises: PromiseBook
    equivocations: Equivocations
  }): Figures
}

export function createTally(options: {
  scenario: Scenario
  nodes: readonly BundlerNode[]
  /** At the beginning, by place. */
  stakesWei: readonly bigint[]
}): Tally {
  const { scenario, nodes, stakesWei } = options
  const { calibration } = scenario
  const landings = createLandings()
  const windows = createWindowCount(nodes, calibration.terms.graceBlocks)
  const behaviours = nodes.map(({ behaviour }) => behaviour)
  const reorgs = { count: 0, deepestBlocks: 0 }

  function gasFigures(): Figures['gas'] {
    const { gas, transactions, all } = landings
    const perOperation = (count: number): number => (all.length === 0 ? 0 : round(count / all.length))
    return {
      usedGas: Math.round(gas.used),
      wastedPercent: percent(gas.wasted, gas.used),
      transactions: Object.values(transactions).reduce((sum, count) => sum + count, 0),
      operationsPerBundle: transactions.landed === 0 ? 0 : round(all.length / transactions.landed),
      revertedPerOperation: perOperation(transactions.reverted),
      nothingPerOperation: perOperation(transactions.nothing),
      cancelledPerOperation: perOperation(transactions.cancelled),
    }
  }

  return {
    settled(block, schedule, hadWork) {
      landings.settled(block)
      windows.settled(block, schedule, hadWork)
    },
    reorged(blocks) {
      reorgs.count++
      reorgs.deepestBlocks = Math.max(reorgs.deepestBlocks, blocks)
    },
    figures({ accepted, ledger: { accounts }, promises, equivocations }) {
      const inclusionSeconds = spreadOf(landings.all.map(({ seconds }) => seconds))
      const honest = accounts.filter((_, place) => behaviours[place] === 'honest')
      return {
        blocks: scenario.blocks,
        operations: {
          accepted,
          landed: landings.all.length,
          lost: accepted - landings.all.length,
          landedTwice: landings.landedTwice(),
        },
        gas: gasFigures(),
        inclusionBlocks: spreadOf(landings.all.map(({ blocks }) => blocks)),
        inclusionSeconds,
        inclusionMeanBlocks: round(inclusionSeconds.p95 / calibration.chain.meanBlockSeconds),
        inclusionByRank: byRank(landings.all),
        windows: windows.counts,
        promises: { ...promises.counts, waitSeconds: spreadOf(promises.waits()) },
        equivocations: equivocations.counts,
        honest: {
          strikes: honest.reduce((sum, { strikes }) => sum + strikes, 0),
          fines: honest.reduce((sum, { fines }) => sum + fines, 0),
        },
        groups: groupsOf({ behaviours, accounts, stakesWei }),
        reorgs,
      }
    },
  }
}
