// A bundler looks at the chain and at what waits, and does what its behaviour and its turn make of it.
import { contestedTipWei } from '@worldland-aa/bundler/participation/policy/contest'
import { lastBlockInTurn } from '@worldland-aa/bundler/participation/policy/turnPolicy'
import type { Schedule } from '@worldland-aa/bundler/participation/schedule/schedule'
import type { Transaction } from '../chain/block.ts'
import type { Operation } from '../operations.ts'
import type { World } from '../world.ts'
import { bundleGas } from './bundleGas.ts'
import { type BundlerNode, type Flight, isAway, isGreedy, newestOf } from './bundlerNode.ts'
import { chooseOperations } from './choice.ts'
import { freeSlot, isDue, isMined, reviewFlights } from './flights.ts'
import { heightAt, type View, viewOf } from './view.ts'
import type { WaitingRoom } from './waitingRoom.ts'

/** In one look; what is left goes with the next. */
const mostBundles = 8

export async function takeTurn(node: BundlerNode, seconds: number, world: World): Promise<void> {
  if (isAway(node)) return
  const view = viewOf(node, seconds, world)
  const schedule = world.registry.scheduleAt(view.branch, view.head.height)
  const standing = schedule.standingOf(node.id, BigInt(view.head.height + 1))
  const isIdle = (standing === 'none' || standing === 'grace') && node.flights.length === 0
  if (node.behaviour === 'withholding' || (isIdle && !isGreedy(node))) return
  node.room ??= await world.openRoom()
  const { room } = node
  await catchUp({ node, room, view, seconds, world })
  reviewFlights(node, room, view)
  const { bundleTipWei } = world.calibration.chain
  const { greedyOutbidPercent, maxInFlightPerExecutor } = world.calibration.node
  const tipWei = (BigInt(bundleTipWei) * BigInt(100 + (isGreedy(node) ? greedyOutbidPercent : 0))) / 100n
  const choose = (least: bigint) =>
    chooseOperations({ node, room, view, schedule, seconds, tipWei: least, world })
  const send = (flight: Flight, operations: readonly Operation[], tip: bigint) =>
    sendBundle({ node, room, view, schedule, seconds, flight, operations, tipWei: tip, world })

  for (const flight of node.flights.filter(one => !one.isBroadcast && !isDue(one, view))) {
    if (!isMined(flight, view)) resend(flight, seconds, world)
  }
  for (const flight of node.flights.filter(one => isDue(one, view))) {
    room.released(newestOf(flight).operations)
    // A node takes another of the same nonce for a tenth more.
    const dearer = (newestOf(flight).tipWei * 11n + 9n) / 10n
    send(flight, choose(dearer), dearer)
    if (isAway(node)) return
  }
  for (let bundles = 0; bundles < mostBundles; bundles++) {
    const operations = choose(tipWei)
    if (operations.length === 0) return
    const slot = freeSlot(node, view, maxInFlightPerExecutor)
    if (slot === undefined) return
    const flight = { ...slot, attempts: [], isBroadcast: true }
    node.flights.push(flight)
    send(flight, operations, offerOf(node, tipWei, operations, world, view))
    if (isAway(node)) return
  }
}

/** While others take what is not theirs, all that the operations pay. */
function offerOf(
  node: BundlerNode,
  usualWei: bigint,
  operations: readonly Operation[],
  { contest, scenario }: World,
  view: View,
): bigint {
  const isContested = scenario.hasOutbidding && contest.isOn(BigInt(view.head.height))
  if (isGreedy(node) || !isContested) return usualWei
  return contestedTipWei(
    usualWei,
    operations.map(({ validated }) => validated.userOperation.maxPriorityFeePerGas),
  )
}

/** What it has heard of and what the chain says, into the waiting room. */
async function catchUp(options: {
  node: BundlerNode
  room: WaitingRoom
  view: View
  seconds: number
  world: World
}): Promise<void> {
  const { node, room, view, seconds, world } = options
  await room.landed([...room.held()].filter(view.hasLanded))
  const heard: { operation: Operation; at: number }[] = []
  for (const operation of world.unsettled.values()) {
    if (view.hasLanded(operation) || room.has(operation)) continue
    const at = world.knownAt(node, operation)
    if (at <= seconds) heard.push({ operation, at })
  }
  heard.sort((one, other) => one.at - other.at)
  for (const { operation, at } of heard) {
    const { predecessor } = operation
    // Validation refuses what comes before its turn (AA25); it comes again.
    if (predecessor !== undefined && !view.hasLanded(predecessor) && !room.has(predecessor)) continue
    await room.take(operation, heightAt(view.head, at))
  }
}

function sendBundle(options: {
  node: BundlerNode
  room: WaitingRoom
  view: View
  schedule: Schedule
  seconds: number
  flight: Flight
  operations: readonly Operation[]
  tipWei: bigint
  world: World
}): void {
  const { node, room, view, schedule, flight, operations, world } = options
  const nextBlock = view.head.height + 1
  const seconds = options.seconds + world.calibration.node.buildSeconds
  const number = world.nextTransactionNumber()
  const isCancellation = operations.length === 0
  const transaction: Transaction = {
    number,
    node: node.place,
    executor: node.place * world.calibration.node.executors + flight.executor,
    nonce: flight.nonce,
    kind: isCancellation ? 'cancellation' : 'bundle',
    operations,
    tipWei: options.tipWei,
    gasLimit: isCancellation
      ? world.calibration.gas.cancellation
      : bundleGas(world.calibration.gas, operations),
    guard: world.scenario.hasGuard ? { lastBlock: lastBlockOf(node, schedule, nextBlock) } : undefined,
    nextBlock,
    rank: schedule.rankOf(node.id, BigInt(nextBlock)),
    minersHaveIt: world.network.transactionAt(number, seconds),
  }
  flight.attempts.push(transaction)
  flight.isBroadcast = true
  room.submitted(operations, number)
  if (!isCancellation && !isGreedy(node)) commit({ node, schedule, transaction, seconds, world })
  const death = dies(node, schedule, transaction)
  if (death !== undefined) {
    node.down = { sinceSeconds: seconds, untilHeight: nextBlock + world.calibration.node.restartBlocks }
  }
  if (death === 'unsent') flight.isBroadcast = false
  else world.chain.broadcast(transaction)
}

function resend(flight: Flight, seconds: number, world: World): void {
  const newest = newestOf(flight)
  const transaction = { ...newest, minersHaveIt: world.network.transactionAt(newest.number, seconds) }
  flight.attempts.splice(-1, 1, transaction)
  flight.isBroadcast = true
  world.chain.broadcast(transaction)
}

/** The greedy do not bind themselves. */
function lastBlockOf(node: BundlerNode, schedule: Schedule, nextBlock: number): number | undefined {
  if (isGreedy(node)) return undefined
  const last = lastBlockInTurn(schedule, node.id, BigInt(nextBlock))
  return last === undefined ? undefined : Number(last)
}

function commit(options: {
  node: BundlerNode
  schedule: Schedule
  transaction: Transaction
  seconds: number
  world: World
}): void {
  const { node, schedule, transaction, seconds, world } = options
  const { index } = schedule.windowOf(BigInt(transaction.nextBlock))
  const sign = () => world.commits.sign(node, index, transaction.operations, seconds)
  const first = sign()
  if (node.behaviour === 'equivocating') world.equivocated(node, [first, sign()], seconds)
}

function dies(
  node: BundlerNode,
  schedule: Schedule,
  { rank, nextBlock, kind }: Transaction,
): 'unsent' | 'sent' | undefined {
  if (node.behaviour !== 'dying' || rank !== 0 || kind === 'cancellation') return undefined
  const { index } = schedule.windowOf(BigInt(nextBlock))
  if (node.diedInWindow === index) return undefined
  node.diedInWindow = index
  node.deaths++
  return node.deaths % 2 === 1 ? 'unsent' : 'sent'
}
