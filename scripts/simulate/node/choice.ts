// Which of the operations that wait go into this bundler's next bundle? Its own policy for the honest, none for the greedy.
import { createCompany } from '@worldland-aa/bundler/bundling/company'
import { mayCarry } from '@worldland-aa/bundler/participation/policy/turnPolicy'
import type { Schedule } from '@worldland-aa/bundler/participation/schedule/schedule'
import type { Operation } from '../operations.ts'
import type { World } from '../world.ts'
import { bundleGas } from './bundleGas.ts'
import { type BundlerNode, isGreedy } from './bundlerNode.ts'
import type { View } from './view.ts'
import type { Waiting, WaitingRoom } from './waitingRoom.ts'

export function chooseOperations(options: {
  node: BundlerNode
  room: WaitingRoom
  view: View
  schedule: Schedule
  seconds: number
  tipWei: bigint
  world: World
}): readonly Operation[] {
  const { node, room, view, schedule, seconds, tipWei, world } = options
  const nextBlock = BigInt(view.head.height + 1)
  const standing = schedule.standingOf(node.id, nextBlock)
  const isInTurn = standing === 'leader' || standing === 'fallback' || standing === 'open'
  if (!isInTurn && !isGreedy(node)) return []

  function wants({ operation, knownSinceHeight }: Waiting): boolean {
    if (isGreedy(node)) {
      if (operation.validated.userOperation.maxPriorityFeePerGas < tipWei) return false
      return node.behaviour !== 'sly' || isInTurn || !operation.isSponsored
    }
    return mayCarry({
      schedule,
      bundlerId: node.id,
      nextBlock,
      knownSinceBlock: BigInt(knownSinceHeight),
      committedBy: world.commits.committedBy(node, operation, seconds),
    })
  }

  const company = createCompany([])
  const chosen: Operation[] = []
  for (const waiting of room.candidates(view.head.baseFeeWei)) {
    const { operation } = waiting
    if (!wants(waiting) || company.conflicts(operation.validated)) continue
    if (bundleGas(world.calibration.gas, [...chosen, operation]) > world.calibration.node.bundleGasLimit)
      break
    company.add(operation.validated)
    chosen.push(operation)
  }
  return chosen
}
