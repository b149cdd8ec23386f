// What became of the transactions that a bundler has sent: mined, overtaken, or still on their way.
import type { Operation } from '../operations.ts'
import { type BundlerNode, type Flight, newestOf } from './bundlerNode.ts'
import type { View } from './view.ts'
import type { WaitingRoom } from './waitingRoom.ts'

export function isMined({ attempts }: Flight, { branch, head }: View): boolean {
  return attempts.some(attempt => {
    const height = branch.state.minedAt(attempt)
    return height !== undefined && height <= head.height
  })
}

/** It would land nothing any more, or revert: its nonce is better used for something else. */
export function isDue(flight: Flight, view: View): boolean {
  const { kind, operations, guard, nextBlock } = newestOf(flight)
  if (kind === 'cancellation' || isMined(flight, view) || nextBlock > view.head.height) return false
  if (guard === undefined) return operations.some(view.hasLanded)
  const isOver = guard.lastBlock !== undefined && view.head.height >= guard.lastBlock
  return isOver || operations.every(view.hasLanded)
}

/** Brings the waiting room in line with what flies; forgets what no reorg can bring back. */
export function reviewFlights(node: BundlerNode, room: WaitingRoom, view: View): void {
  const [mined, flying]: [Flight[], Flight[]] = [[], []]
  for (const flight of node.flights) (isMined(flight, view) ? mined : flying).push(flight)
  room.released(mined.flatMap(operationsOf))
  for (const flight of flying) {
    const { operations, number } = newestOf(flight)
    room.submitted(operations, number)
  }
  const isSettled = view.branch.blocks.length === 0
  node.flights = isSettled ? flying : [...mined, ...flying]
}

function operationsOf({ attempts }: Flight): readonly Operation[] {
  return attempts.flatMap(({ operations }) => operations)
}

/** A free place for one more transaction: the least busy executor's next nonce. */
export function freeSlot(
  node: BundlerNode,
  view: View,
  maxInFlight: number,
): { readonly executor: number; readonly nonce: number } | undefined {
  const flying = node.flights.filter(flight => !isMined(flight, view))
  const busy = node.nextNonces.map(
    (_, executor) => flying.filter(flight => flight.executor === executor).length,
  )
  const least = Math.min(...busy)
  if (least >= maxInFlight) return undefined
  const executor = busy.indexOf(least)
  const nonce = node.nextNonces[executor] ?? 0
  node.nextNonces[executor] = nonce + 1
  return { executor, nonce }
}
