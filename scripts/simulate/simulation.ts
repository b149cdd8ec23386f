// Runs a scenario: events in the order of their time, and the same answer for the same seed.
import { createContest } from '@worldland-aa/bundler/participation/policy/contest'
import type { Block } from './chain/block.ts'
import { type Branch, createChain } from './chain/chain.ts'
import { createEquivocations } from './court/equivocations.ts'
import { createPromiseBook } from './court/promiseBook.ts'
import { createEventQueue } from './eventQueue.ts'
import type { Figures } from './figures/figures.ts'
import { createTally } from './figures/tally.ts'
import { createLedger } from './ledger.ts'
import { createNetwork } from './network.ts'
import { type BundlerNode, createBundlerNode, isAway, isGreedy } from './node/bundlerNode.ts'
import { createCommitBook } from './node/commitBook.ts'
import { openFullRoom } from './node/fullRoom.ts'
import { createKnowledge } from './node/knowledge.ts'
import { createRoster } from './node/roster.ts'
import { takeTurn } from './node/turn.ts'
import { viewOf } from './node/view.ts'
import { createPoolRoom } from './node/waitingRoom.ts'
import { createOperationSource, type Operation } from './operations.ts'
import { createRandom } from './random.ts'
import { createRegistry } from './registry/registry.ts'
import { behavioursOf, type Scenario } from './scenario.ts'
import type { World } from './world.ts'

type Event =
  | { readonly kind: 'operation' }
  | { readonly kind: 'block' }
  | { readonly kind: 'heard'; readonly node: BundlerNode; readonly operation: Operation }
  | { readonly kind: 'turn'; readonly node: BundlerNode }

/** Epochs before the first simulated block. */
const startEpoch = 40
/** Blocks in which what still waits at the end may land. */
const drainBlocks = 300
/** What was sent so long before a block could have been in its template. */
const templateSeconds = 2

export async function simulate(scenario: Scenario): Promise<Figures> {
  const { calibration, seed } = scenario
  const { terms, economy } = calibration
  const random = createRandom(seed)
  const nodes = behavioursOf(scenario).map((behaviour, place) =>
    createBundlerNode({
      place,
      behaviour,
      lagBlocks: scenario.lagBlocks,
      executors: calibration.node.executors,
    }),
  )
  const startHeight = startEpoch * terms.epochBlocks
  const endHeight = startHeight + scenario.blocks
  const network = createNetwork(calibration, seed)
  const chain = createChain({
    calibration,
    seed,
    random: createRandom(seed + 1),
    startHeight,
    hasTurnNote: scenario.hasTip,
    reorg: scenario.reorg,
  })
  const stakesWei = nodes.map(({ id }) => (id === 0 || scenario.isOpen ? 0n : economy.stakeWei))
  const registry = createRegistry({
    chain,
    terms,
    minimumStakeWei: economy.minimumStakeWei,
    stakesWei,
    seed,
    rollDelayBlocks: scenario.rollDelayBlocks,
  })
  const roster = createRoster({ nodes, chain, registry, terms })
  const ledger = createLedger({ scenario, nodes, registry })
  const equivocations = createEquivocations({
    nodes,
    network,
    fine: (node, reporter) => ledger.fine(node.place, economy.equivocationFineWei, reporter.place),
  })
  const promises = createPromiseBook({
    terms,
    network,
    registry,
    fine: ({ node }) => ledger.fine(node.place, economy.promiseFineWei, undefined),
    publish,
  })
  const tally = createTally({ scenario, nodes, stakesWei })
  const source = createOperationSource(calibration, random)
  const contest = createContest()
  const operations: Operation[] = []
  const queue = createEventQueue<Event>()
  let transactions = 0
  let partedSince: number | undefined

  const world: World = {
    scenario,
    calibration,
    chain,
    network,
    registry,
    knownAt: createKnowledge({ network, calibration }),
    commits: createCommitBook(network),
    contest,
    unsettled: new Map(),
    openRoom: async () =>
      scenario.mempool === 'full' ? await openFullRoom(operationOf) : createPoolRoom(operationOf),
    nextTransactionNumber: () => transactions++,
    equivocated: equivocations.signed,
  }

  function operationOf(hash: string): Operation {
    const operation = operations[Number(hash) - 1]
    if (operation === undefined) throw new Error(`No operation ${hash}`)
    return operation
  }

  /** All branches have it, or the longer. */
  function heightNow(): number {
    return Math.max(...chain.branches.map(({ tip }) => tip.height))
  }

  function publish(operation: Operation, seconds: number): void {
    if (operation.publishedAt < seconds) return
    operation.publishedAt = seconds
    for (const branch of chain.branches) {
      for (const node of roster.concerned(branch)) planHearing(node, operation)
    }
  }

  function planHearing(node: BundlerNode, operation: Operation): void {
    const at = world.knownAt(node, operation)
    if (Number.isFinite(at)) queue.plan(at, { kind: 'heard', node, operation })
  }

  /** Whom a client hands its operation to: one that answers. */
  function entry(): number {
    const place = random.below(nodes.length)
    for (let step = 0; step < nodes.length; step++) {
      const node = nodes[(place + step) % nodes.length]
      if (node !== undefined && !isAway(node)) return node.place
    }
    return place
  }

  function sendOperation(seconds: number): void {
    const height = heightNow()
    if (height >= endHeight) return
    const operation = source.next({ seconds, height, entry: entry() })
    operations.push(operation)
    world.unsettled.set(operation.index, operation)
    const from = nodes[operation.entry] as BundlerNode
    // It keeps the operation to itself, and promises all the same.
    if (from.behaviour === 'withholding') planHearing(from, operation)
    else publish(operation, seconds)
    queue.plan(seconds + random.exponential(1 / calibration.operations.perSecond), { kind: 'operation' })
  }

  function hear(node: BundlerNode, operation: Operation, seconds: number): void {
    if (isAway(node)) return
    if (scenario.hasPromises && !isGreedy(node)) {
      const view = viewOf(node, seconds, world)
      // A node promises the first of a sender alone: what comes before may be in nobody's hands, or kept by one.
      const { predecessor } = operation
      const isNext = predecessor === undefined || view.hasLanded(predecessor)
      if (isNext || node.behaviour === 'withholding') promises.offer(node, operation, view, seconds)
    }
    queue.plan(seconds + calibration.node.gatherSeconds, { kind: 'turn', node })
  }

  async function act(node: BundlerNode, seconds: number): Promise<void> {
    await takeTurn(node, seconds, world)
    roster.acted(node)
  }

  function settle(block: Block, seconds: number): void {
    const branch = chain.branches[0] as Branch
    const parentSeconds = block.parent?.seconds ?? 0
    const couldLand = ({ sentAt }: Operation): boolean => sentAt + templateSeconds < parentSeconds
    const landed = block.outcomes.flatMap(outcome => outcome.landed)
    for (const operation of landed) {
      world.unsettled.delete(operation.index)
      world.commits.forget(operation)
    }
    const hadWork = landed.some(couldLand) || [...world.unsettled.values()].some(couldLand)
    tally.settled(block, registry.scheduleAt(branch, block.height), hadWork)
    ledger.settled(block, branch)
    watchForTakers(block, branch)
    registry.settled(block.height)
    promises.settled(block.height, branch, seconds)
  }

  /** The greedy sign for nothing; the others do, but in blocks in which nobody leads, and shortly after. */
  function watchForTakers({ height, outcomes }: Block, branch: Branch): void {
    const schedule = registry.scheduleAt(branch, height)
    if (schedule.standingOf(0, BigInt(height)) !== 'none') return
    const isTaken = outcomes.some(
      ({ transaction, landed }) => landed.length > 0 && isGreedy(nodes[transaction.node] as BundlerNode),
    )
    if (isTaken) contest.taken(BigInt(height))
  }

  /** Clients without a promise lose patience with who keeps their operations. */
  function releaseKept(height: number, seconds: number): void {
    for (const operation of world.unsettled.values()) {
      if (operation.publishedAt <= seconds || promises.isPromised(operation)) continue
      if (height - operation.sentAtHeight >= calibration.operations.patienceBlocks)
        publish(operation, seconds)
    }
  }

  function partAndHeal(height: number, seconds: number): void {
    const { partition } = scenario
    if (partition === undefined) return
    const from = startHeight + partition.atBlock
    if (height >= from && partedSince === undefined) {
      partedSince = seconds
      network.partition(seconds, Number.POSITIVE_INFINITY)
    }
    if (partedSince !== undefined && height === from + partition.blocks)
      network.partition(partedSince, seconds)
  }

  /** From another, whose word of what it has sent may still be on its way. */
  function isTakingOver({ id }: BundlerNode, branch: Branch): boolean {
    const { height } = branch.tip
    const schedule = registry.scheduleAt(branch, height)
    return schedule.leaderAt(BigInt(height + 1), 0) === id && schedule.leaderAt(BigInt(height), 0) !== id
  }

  function findBlock(seconds: number): void {
    const wereTwo = chain.branches.length > 1
    const { found, settled } = chain.mine(seconds)
    if (wereTwo && settled.length > 0) tally.reorged(settled.length - 1)
    for (const block of settled) settle(block, seconds)
    equivocations.settled(seconds)
    const height = heightNow()
    partAndHeal(height, seconds)
    roster.revive(height, seconds)
    releaseKept(height, seconds)
    for (const block of found) {
      const branch = chain.branches.find(({ tip }) => tip === block) as Branch
      for (const node of roster.concerned(branch)) {
        const pause = isTakingOver(node, branch) ? calibration.node.handoverSeconds : 0
        queue.plan(network.blockAt(block, node.place) + pause, { kind: 'turn', node })
      }
    }
    const isOver = height >= endHeight && (world.unsettled.size === 0 || height >= endHeight + drainBlocks)
    if (!isOver)
      queue.plan(seconds + random.exponential(calibration.chain.meanBlockSeconds), { kind: 'block' })
  }

  queue.plan(0, { kind: 'operation' })
  queue.plan(random.exponential(calibration.chain.meanBlockSeconds), { kind: 'block' })
  for (let next = queue.next(); next !== undefined; next = queue.next()) {
    const { seconds, event } = next
    if (event.kind === 'operation') sendOperation(seconds)
    else if (event.kind === 'block') findBlock(seconds)
    else if (event.kind === 'heard') hear(event.node, event.operation, seconds)
    else await act(event.node, seconds)
  }
  for (const { room } of nodes) await room?.close()
  return tally.figures({ accepted: operations.length, ledger, promises, equivocations })
}
