// Which operations go together, and does the bundle pay for itself? Builds when operations have
// gathered or a block has come; an RPC failure drops nothing.
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import { type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import type { Registry } from 'prom-client'
import type { Address, Hash, PublicClient } from 'viem'
import type { EvmFork } from '../chains/evmFork.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Mempool, PooledOperation } from '../mempool/mempool.ts'
import type { Permission } from '../participation/participation.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Bundle } from '../submission/dispatch.ts'
import type { Fees } from '../submission/fees.ts'
import type { RevertedBundle } from '../submission/settlement.ts'
import type { Slot, Submission } from '../submission/submission.ts'
import { endingEntity } from '../validation/expiry.ts'
import type { HorizonOf } from '../validation/horizon.ts'
import type { Tracer } from '../validation/tracers/tracer.ts'
import type { Validation } from '../validation/validation.ts'
import { createAttribution } from './attribution.ts'
import { refusalOf } from './blame.ts'
import { createBranch } from './branch.ts'
import { createBuilder } from './builder.ts'
import { createCompany } from './company.ts'
import { createCulprits } from './culprits.ts'
import { createLateness } from './lateness.ts'
import type { BundlingLimits } from './limits.ts'
import { createBundlingMetrics } from './metrics.ts'
import { createOperationCost } from './operationCost.ts'
import { createPricing } from './pricing.ts'
import { createRevalidation } from './revalidation.ts'
import { createSetbacks } from './setbacks.ts'

export type BundlingOptions = {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly fork: EvmFork
  readonly mempool: Mempool
  readonly submission: Submission
  readonly permission: Permission
  /** The BundleGuard, where there is one. */
  readonly guard?: Address | undefined
  readonly fees: Fees
  readonly reputation: Reputation
  readonly depositAt: (paymaster: Address, block: Block) => Promise<bigint>
  /** Second validation, at the head of now. */
  readonly validation: Pick<Validation, 'untouched' | 'revalidate'>
  /** Of single operations' facts. */
  readonly tracer: Tracer
  readonly head: () => Block
  readonly horizonOf: HorizonOf
  readonly limits: BundlingLimits
  readonly registry: Registry
  readonly logger: Logger
}

export type BundlingMode = 'auto' | 'manual'

export type Bundling = Part & {
  onChainUpdate(update: ChainUpdate): void
  /** Builds and sends all it can now, in either mode; the hashes of the transactions (debug_bundler_sendBundleNow). */
  sendNow(): Promise<readonly Hash[]>
  /** `manual` builds only on sendNow (debug_bundler_setBundlingMode). */
  setMode(mode: BundlingMode): void
}

/** JSON-RPC: a server error; it stays inside the process. */
const turnIsOver: Refusal = { code: -32000, message: 'it is no longer the turn of this node for all of it' }

/** For so long a node is asked why a bundle reverted; it may have let go of that block's state by then. */
const explanationBlocks = 6n

export function createBundling(options: BundlingOptions): Bundling {
  const { mempool, submission, permission, reputation, limits, logger } = options
  const metrics = createBundlingMetrics(options.registry)
  const setbacks = createSetbacks()
  const revalidation = createRevalidation({ ...options, setbacks, metrics })
  const { profitMarginPercent } = limits
  const costOf = createOperationCost({ ...options, isGuarded: options.guard !== undefined })
  const pricing = createPricing({
    ...{ fees: options.fees, profitMarginPercent, costOf },
    isContested: permission.isContested,
  })
  const attribution = createAttribution(options)
  /** Newer than the follower's while the follower still tells the others. */
  const branch = createBranch(options.head)
  const { head } = branch
  const culprits = createCulprits({ ...options, branch, attribution, setbacks })
  const builder = createBuilder({
    ...options,
    branch,
    costOf,
    pricing,
    revalidation,
    culprits,
    setbacks,
    metrics,
  })
  const lateness = createLateness()
  const reverted: RevertedBundle[] = []
  const outage = createOutageLog(logger)
  let mode: BundlingMode = 'auto'
  let gathering: NodeJS.Timeout | undefined
  let running: Promise<unknown> | undefined
  let next: Promise<readonly Hash[]> | undefined
  let isStarted = false

  submission.onReverted(bundle => reverted.push(bundle))
  mempool.onArrival(gather)
  permission.onTurn(gather)

  function gather(): void {
    if (!isStarted || mode === 'manual' || gathering !== undefined) return
    gathering = setTimeout(() => {
      gathering = undefined
      void run()
    }, limits.gatherMilliseconds)
  }

  /** One run at a time; whoever asks meanwhile shares the next. */
  function run(): Promise<readonly Hash[]> {
    if (next !== undefined) return next
    const mine = (running ?? Promise.resolve()).then(async () => {
      next = undefined
      try {
        const hashes = await buildAll()
        outage.over('bundles are built again')
        return hashes
      } catch (error) {
        metrics.outages.inc()
        outage.begun({ error }, 'no bundle can be built; every operation waits for the next block')
        return []
      }
    })
    next = mine
    running = mine
    return mine
  }

  async function buildAll(): Promise<readonly Hash[]> {
    const hashes: Hash[] = []
    await explainAll()
    for (const slot of submission.dueReplacements()) hashes.push(...(await replace(slot)))
    const nextSlot = (): Slot | undefined =>
      submission.freeSlot(limits.bundleGasLimit * options.fees.currentFees().fast.maxFeePerGas)
    for (let slot = nextSlot(); slot !== undefined; slot = nextSlot()) {
      const sent =
        (await buildFor(slot, fresh())) ??
        (await buildFor(slot, together())) ??
        (await buildFor(slot, oneApart()))
      if (sent === undefined) break
      if (sent.ok) hashes.push(sent.value)
    }
    return hashes
  }

  /** Undefined when there is nothing to send. A refused bundle leaves its operations or its executor out of the next. */
  async function buildFor(
    slot: Slot,
    candidates: Iterable<PooledOperation>,
    isWorthSending: (bundle: Bundle) => boolean = () => true,
    lastBlock = permission.lastBlock(head().number + 1n),
    mayGo = isOurTurnFor,
  ): Promise<Result<Hash> | undefined> {
    const finish = metrics.buildSeconds.startTimer()
    const block = head()
    const bundle = await builder.build(slot, candidates, block, lastBlock)
    // What a reorg took back meanwhile may have been what it was built on.
    if (bundle === undefined || !branch.includes(block.hash) || !isWorthSending(bundle)) return undefined
    finish()
    const pooled = bundle.operations.map(hash => mempool.get(hash))
    // A block may have come meanwhile that begins another's turn, or a word of who has sent one of them already.
    if (!pooled.every(one => one === undefined || mayGo(one))) return refuse(turnIsOver)
    const sent = await submission.submit(slot, bundle)
    if (sent.ok) {
      metrics.operationsPerBundle.observe(bundle.operations.length)
      permission.sent({ operations: bundle.operations, transactionHash: sent.value }, block.number + 1n)
    } else logger.warn({ reason: sent.refusal.message }, 'a bundle was not sent')
    return sent
  }

  function isOurTurnFor(operation: PooledOperation): boolean {
    return permission.mayCarry(operation, head().number + 1n)
  }

  function* waiting(): Iterable<PooledOperation> {
    const { baseFeePerGas } = options.fees.currentFees()
    const { number } = head()
    for (const operation of mempool.candidates(baseFeePerGas, pricing.leastFees())) {
      if (setbacks.isPostponed(operation.validated.userOperationHash, number)) continue
      if (isOurTurnFor(operation)) yield operation
    }
  }

  function* together(): Iterable<PooledOperation> {
    for (const operation of waiting()) {
      if (!setbacks.isApart(operation.validated.userOperationHash)) yield operation
    }
  }

  /** Those that need no second validation yet go first: they should not wait for others' traces and grow old. */
  function* fresh(): Iterable<PooledOperation> {
    const { hash } = head()
    // Among those that cannot share a bundle the first come goes first.
    const passedOver = createCompany([])
    for (const operation of together()) {
      const { validated } = operation
      if (validated.verifiedAt.hash !== hash) passedOver.add(validated)
      else if (!passedOver.conflicts(validated)) yield operation
    }
  }

  /** Those of a nonce first, then whatever else may go with them: a nonce that is filled pays, one given back costs. */
  function* filling(own: readonly PooledOperation[]): Iterable<PooledOperation> {
    yield* own
    yield* together()
  }

  function* oneApart(): Iterable<PooledOperation> {
    for (const operation of waiting()) {
      if (!setbacks.isApart(operation.validated.userOperationHash)) continue
      yield operation
      return
    }
  }

  async function sendAgain(
    slot: Slot,
    { operations, because, lastBlock }: NonNullable<Slot['replaces']>,
  ): Promise<Result<Hash> | undefined> {
    const nextBlock = head().number + 1n
    // While it may still land it is this node's, whoever is in turn; once its turn is over, whoever's turn it is.
    const isOurs = lastBlock !== undefined && nextBlock <= lastBlock
    const latest = operations.flatMap(hash => mempool.latestAtNonceOf(hash) ?? [])
    const mayGo = (one: PooledOperation): boolean =>
      (isOurs && one.state === 'submitted') || isOurTurnFor(one)
    const own = [...new Map(latest.map(one => [one.validated.userOperationHash, one])).values()].filter(mayGo)
    const until = permission.lastBlock(nextBlock) ?? (isOurs ? lastBlock : undefined)
    return because === 'outbid'
      ? await buildFor(slot, own, bundle => own.some(isSuccessorIn(bundle.operations)), until, mayGo)
      : await buildFor(slot, filling(own), undefined, until, mayGo)
  }

  async function replace(slot: Slot): Promise<readonly Hash[]> {
    const { replaces } = slot
    if (replaces === undefined) return []
    const sent = await sendAgain(slot, replaces)
    if (sent?.ok === true) return [sent.value]
    if (replaces.isHopeless && replaces.because !== 'outbid') {
      // What held up this nonce would hold up the next: it waits the longer the more often it did.
      if (replaces.because === 'stuck')
        for (const hash of replaces.operations) setbacks.postpone(hash, head().number)
      await submission.cancel(slot, options.fees.currentFees().fast)
    }
    return []
  }

  /** Where the node cannot tell, the others go on; what was in the bundle waits, and goes alone if it never can. */
  async function explainAll(): Promise<void> {
    for (const bundle of [...reverted]) {
      const { number } = head()
      // Until its block is taken in, another's landing of the same operations may not be known.
      if (number < bundle.blockNumber) continue
      let isOver = true
      try {
        await explain(bundle)
      } catch (error) {
        isOver = number >= bundle.blockNumber + explanationBlocks
        logger.warn({ error, ...bundle, isOver }, 'the node does not tell why a bundle reverted')
        for (const hash of bundle.operations) {
          setbacks.untilNextBlock(hash, number)
          if (isOver) setbacks.keepApart(hash)
        }
      }
      if (isOver) reverted.splice(reverted.indexOf(bundle), 1)
    }
  }

  /** A bundle that reverted although all of it had passed: who is to blame? ERC-7562 [GREP-040] */
  async function explain(bundle: RevertedBundle): Promise<void> {
    // A reorg took it back, and maybe what its operations were built on: it says nothing about them.
    if (!branch.includes(bundle.blockHash) || (await cameTooLate(bundle))) return
    const operations = bundle.operations.flatMap(hash => mempool.get(hash)?.validated ?? [])
    const isOfThisBranch = operations.every(({ verifiedAt }) => branch.includes(verifiedAt.hash))
    // Where one landed in another's bundle, nobody here misbehaved.
    if (operations.length === bundle.operations.length && isOfThisBranch) {
      const { executor } = bundle
      const block = { number: bundle.blockNumber, hash: bundle.blockHash }
      const simulation = await builder.simulateAt({ executor, beneficiary: executor }, operations, block)
      const culprit = simulation.kind === 'failed' ? operations[simulation.index] : undefined
      if (simulation.kind === 'failed' && culprit !== undefined) {
        const refusal = refusalOf(simulation.reason, culprit)
        const blamed = await culprits.crash(culprit, refusal, block)
        logger.warn({ ...bundle, blamed, reason: simulation.reason }, 'an entity made a bundle revert')
      } else await culprits.unexplained(operations, block)
    }
  }

  /** Whether it reverted because an operation's end came before its block; the mempool has let go of that one. */
  async function cameTooLate(bundle: RevertedBundle): Promise<boolean> {
    const { timestamp } = await options.client.getBlock({ blockNumber: bundle.blockNumber })
    const known = await Promise.all(bundle.operations.map(hash => mempool.find(hash)))
    const expired = known.flatMap(one => {
      if (one === undefined || one.state === 'landed') return []
      const { validUntil } = one.validated
      return validUntil !== 0 && BigInt(validUntil) < timestamp ? [one.validated] : []
    })
    for (const validated of expired) {
      const entity = endingEntity(validated)
      const isHabit = lateness.isHabit(entity, bundle.blockNumber)
      logger.warn({ ...bundle, entity, isHabit }, 'a bundle came too late for an operation')
      if (isHabit) reputation.within(validated.mempools).crashed(entity)
    }
    return expired.length > 0
  }

  return {
    name: 'bundling',
    async start() {
      isStarted = true
      gather()
    },
    async stop() {
      isStarted = false
      clearTimeout(gathering)
      await running
    },
    onChainUpdate(update) {
      branch.take(update)
      if (update.removed.length > 0) setbacks.rewind(update.head.number)
      if (!isStarted) return
      setbacks.forgetUnless(hash => mempool.get(hash) !== undefined)
      if (mode === 'auto') void run()
    },
    sendNow: run,
    setMode(next) {
      mode = next
      if (mode === 'manual') {
        clearTimeout(gathering)
        gathering = undefined
      } else gather()
    },
  }
}

/** Waiting until now for a nonce that was taken. */
function isSuccessorIn(operations: readonly Hash[]) {
  return ({ state, validated }: PooledOperation): boolean =>
    state === 'pending' && operations.includes(validated.userOperationHash)
}
