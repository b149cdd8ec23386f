// Which windows were missed: something waited in them, and their leader landed nothing.
import type { Schedule } from '@worldland-aa/bundler/participation/schedule/schedule'
import type { Block } from '../chain/block.ts'
import type { BundlerNode } from '../node/bundlerNode.ts'

export type WindowCount = {
  readonly counts: { led: number; hadWork: number; missed: number }
  /** `hadWork`: whether anything waited that was sent before the parent of this block. */
  settled(block: Block, schedule: Schedule, hadWork: boolean): void
}

type OpenWindow = { readonly leader: number; readonly over: number; hadWork: boolean; hasLanded: boolean }

export function createWindowCount(nodes: readonly BundlerNode[], graceBlocks: number): WindowCount {
  const counts = { led: 0, hadWork: 0, missed: 0 }
  const open = new Map<bigint, OpenWindow>()

  return {
    counts,
    settled(block, schedule, hadWork) {
      const height = BigInt(block.height)
      const { index, first, last } = schedule.windowOf(height)
      const leader = schedule.leaderAt(height, 0)
      if (height === first && leader !== 0) {
        open.set(index, { leader, over: Number(last) + graceBlocks, hadWork: false, hasLanded: false })
      }
      const now = open.get(index)
      if (now !== undefined && hadWork) now.hadWork = true
      for (const [key, window] of open) {
        const isLeaders = block.outcomes.some(
          ({ transaction, landed }) => landed.length > 0 && nodes[transaction.node]?.id === window.leader,
        )
        if (isLeaders) window.hasLanded = true
        if (block.height < window.over) continue
        open.delete(key)
        counts.led++
        if (!window.hadWork) continue
        counts.hadWork++
        if (!window.hasLanded) counts.missed++
      }
    },
  }
}
