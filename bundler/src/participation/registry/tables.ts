// The tables of leaders of the epochs at hand. Each is read once it is stored, or cannot be any more, and anew when a
// reorg has taken back the block at which it was read; meanwhile, and while the node is away, the old one holds.
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { LeaderTable } from '../schedule/schedule.ts'
import { isPastRolling, rollableEpoch } from './epochs.ts'
import type { RegistryReader } from './registryReader.ts'

export type Tables = {
  tableOf(epoch: bigint): LeaderTable | undefined
  /** Reads what is missing at `head`; whether any came. Throws when the node does not answer. */
  read(head: BlockReference): Promise<boolean>
  take(update: ChainUpdate): void
  /** The epoch whose table anyone could store now. */
  due(): bigint | undefined
}

export function createTables(options: {
  readonly reader: Pick<RegistryReader, 'leaderTable' | 'epochToRoll'>
  readonly epochBlocks: number
}): Tables {
  const { reader, epochBlocks } = options
  const tables = new Map<bigint, LeaderTable>()
  /** Block at which an epoch's table was read and could not change any more but by a reorg. */
  const settledAt = new Map<bigint, bigint>()
  let due: bigint | undefined

  async function look(epoch: bigint, head: BlockReference): Promise<boolean> {
    if (settledAt.has(epoch)) return false
    const isOpenToRolling = epoch === rollableEpoch(head.number - 1n, epochBlocks)
    if (isOpenToRolling) {
      const next = await reader.epochToRoll(head.hash)
      // Nobody has stored it although somebody is staked.
      if (next.isDue && next.epoch === epoch) {
        due = epoch
        tables.delete(epoch)
        return false
      }
    } else if (!isPastRolling(epoch, head.number, epochBlocks)) return false
    const leaders = await reader.leaderTable(epoch, head.hash)
    // Nobody is staked; or the node, in the midst of a block, looked for the table in the one after, and read it before.
    if (isOpenToRolling && leaders.length === 0) return false
    tables.set(epoch, { epoch, leaders })
    settledAt.set(epoch, head.number)
    return true
  }

  return {
    tableOf: epoch => tables.get(epoch),
    due: () => due,
    async read(head) {
      due = undefined
      const current = (head.number + 1n) / BigInt(epochBlocks)
      // The one before for its last window's grace, the one after as soon as it can be stored.
      const epochs = [current - 1n, current, current + 1n].filter(epoch => epoch >= 0n)
      let anyCame = false
      for (const epoch of epochs) anyCame = (await look(epoch, head)) || anyCame
      for (const epoch of [...tables.keys(), ...settledAt.keys()]) {
        if (epoch < current - 1n) {
          tables.delete(epoch)
          settledAt.delete(epoch)
        }
      }
      return anyCame
    },
    take({ removed, isBeyondMemory }) {
      const lowest = isBeyondMemory === true ? 0n : removed.at(-1)?.number
      if (lowest === undefined) return
      for (const [epoch, block] of settledAt) if (block >= lowest) settledAt.delete(epoch)
    },
  }
}
