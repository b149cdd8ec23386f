// The registry's books: who has what at stake, which leaders each epoch has, and the schedule that follows at a height.
import {
  createSchedule,
  type LeaderTable,
  type Schedule,
} from '@worldland-aa/bundler/participation/schedule/schedule'
import { type Hash, keccak256, stringToHex } from 'viem'
import type { Calibration } from '../calibration.ts'
import type { Branch, Chain } from '../chain/chain.ts'
import { sampleLeaders } from './leaderSampling.ts'

export type Registry = {
  stakeOf(node: number): bigint
  /** Wei that were taken: never more than there is. */
  burn(node: number, wei: bigint): bigint
  /** What holds in that branch once it has that height. */
  scheduleAt(branch: Branch, height: number): Schedule
  /** Told of every settled height. */
  settled(height: number): void
}

/** `stakesWei` by place; 0: not registered. A bundler's id is its place and one. */
export function createRegistry(options: {
  chain: Chain
  terms: Calibration['terms']
  minimumStakeWei: bigint
  stakesWei: readonly bigint[]
  seed: number
  rollDelayBlocks: number
}): Registry {
  const { chain, terms, minimumStakeWei, rollDelayBlocks } = options
  const { epochBlocks, seedDepthBlocks, stakeDepthBlocks, rollBeforeBlocks, rollAfterBlocks } = terms
  const stakes = [...options.stakesWei]
  const windows = Math.floor(epochBlocks / terms.windowBlocks)
  /** By epoch; before it was frozen, the stakes at the beginning. */
  const frozen = new Map<number, readonly bigint[]>()
  const atStart = weightsNow()
  const tables = new Map<string, LeaderTable>()
  const schedules = new Map<string, Schedule>()
  const isRolled = rollDelayBlocks < rollBeforeBlocks + rollAfterBlocks

  function weightsNow(): readonly bigint[] {
    // As the registry has it: strikes may take half of the least.
    return stakes.map(stake => (2n * stake > minimumStakeWei ? stake : 0n))
  }

  function seedHeight(epoch: number): number {
    return epoch * epochBlocks - seedDepthBlocks
  }

  function tableOf(epoch: number, salt: number): LeaderTable {
    const key = `${epoch}:${salt}`
    const known = tables.get(key)
    if (known !== undefined) return known
    const seed = blockHash(options.seed, seedHeight(epoch), salt)
    const leaders = sampleLeaders({
      seed,
      epoch,
      weightsWei: frozen.get(epoch) ?? atStart,
      windows,
      // Of one that is rolled late, the windows that have begun stay open.
      firstWindow: Math.max(0, Math.floor((rollDelayBlocks - rollBeforeBlocks) / terms.windowBlocks) + 1),
    })
    const table = { epoch: BigInt(epoch), leaders }
    tables.set(key, table)
    return table
  }

  return {
    stakeOf: node => stakes[node] ?? 0n,
    burn(node, wei) {
      const stake = stakes[node] ?? 0n
      const burnt = wei < stake ? wei : stake
      stakes[node] = stake - burnt
      return burnt
    },
    scheduleAt(branch, height) {
      const newest = isRolled ? Math.floor((height + rollBeforeBlocks - rollDelayBlocks) / epochBlocks) : -1
      const salts = [newest - 1, newest].map(epoch => chain.saltAt(branch, seedHeight(epoch)))
      const key = `${newest}:${salts[0]}:${salts[1]}`
      const known = schedules.get(key)
      if (known !== undefined) return known
      const schedule = createSchedule(terms, epoch => {
        const number = Number(epoch)
        return number > newest ? undefined : tableOf(number, salts[number - newest + 1] ?? 0)
      })
      schedules.set(key, schedule)
      return schedule
    },
    settled(height) {
      const epoch = (height + stakeDepthBlocks + 1) / epochBlocks
      if (Number.isInteger(epoch)) frozen.set(epoch, weightsNow())
    },
  }
}

function blockHash(seed: number, height: number, salt: number): Hash {
  return keccak256(stringToHex(`${seed}/${height}/${salt}`))
}
