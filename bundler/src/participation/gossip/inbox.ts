// What peers tell, from its bytes to a verdict. Cheap questions come first; nothing is judged that its peer has no
// share left for, and what comes to nothing is paid for out of that share.
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Hash } from 'viem'
import { operationHash } from '../../entryPoint/operationHash.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import { decodeCommit, decodePromise } from './codec/announcementCodec.ts'
import type { Decoded } from './codec/decoded.ts'
import type { OperationCodec, VerifiedOperation } from './codec/operationCodec.ts'
import type { GossipOptions } from './gossipOptions.ts'
import type { GossipLimits } from './limits.ts'
import type { Verdict } from './messages.ts'
import type { GossipMetrics, Outcome } from './metrics.ts'
import type { Fault } from './peers/conduct.ts'
import type { Quotas } from './peers/quotas.ts'
import type { GossipSource } from './peers/source.ts'
import { createRecentKeys } from './recentKeys.ts'
import type { TopicName, TopicOwner } from './topics.ts'

/** `validated`: an operation that was taken in, for those whom this topic does not reach. */
export type Judgement = { readonly verdict: Verdict; readonly validated: ValidatedOperation | undefined }

export type OperationJudgement = { readonly outcome: Outcome; readonly validated?: ValidatedOperation }

export type Inbox = {
  /** Of a gossiped message, already uncompressed. */
  judge(topic: TopicOwner, bytes: Uint8Array, source: GossipSource): Promise<Judgement>
  /** Of an operation that was asked for. */
  judgeOperation(
    operation: VerifiedOperation,
    mempools: readonly string[],
    source: GossipSource,
    isAsked: boolean,
  ): Promise<OperationJudgement>
  /** Of one that a peer asks a promise for; it has told it nobody else yet. */
  judgeForPromise(operation: VerifiedOperation, source: GossipSource): Promise<OperationJudgement>
  waiting(): number
}

/** What was refused is not judged again for so long, and so many are remembered. */
const refusedMilliseconds = 60_000
const mostRefused = 20_000
/** What came with a request for a promise is gossiped a moment later. */
const untoldMilliseconds = 60_000
const mostUntold = 10_000

export function createInbox(
  options: Pick<
    GossipOptions,
    | 'chainId'
    | 'entryPoint'
    | 'version'
    | 'mempools'
    | 'head'
    | 'blockNumberOf'
    | 'onOperation'
    | 'onCommit'
    | 'onPromise'
    | 'operationsOf'
    | 'clock'
  > & {
    readonly codec: OperationCodec
    readonly limits: GossipLimits
    readonly quotas: Quotas
    readonly metrics: GossipMetrics
    readonly logger: Logger
    onFault(source: GossipSource, fault: Fault): void
  },
): Inbox {
  const { codec, limits, quotas, metrics, version, logger, clock } = options
  const refused = createRecentKeys({ milliseconds: refusedMilliseconds, most: mostRefused, clock })
  const untold = createRecentKeys({ milliseconds: untoldMilliseconds, most: mostUntold, clock })
  const canonicalIds = options.mempools.filter(({ name }) => name === undefined).map(({ id }) => id)
  /** By key, those under way. */
  const judging = new Map<string, Promise<Outcome>>()
  const underWay = new Map<string, number>()
  let underWayInAll = 0

  const hashOf = ({ userOperation }: VerifiedOperation): Hash =>
    operationHash(userOperation, version, options)

  function isBusy({ caller }: GossipSource): boolean {
    return underWayInAll >= limits.judgedAtOnce || (underWay.get(caller) ?? 0) >= limits.judgedAtOncePerPeer
  }

  /** Whoever asks more than its share is not judged; a verdict that is no yes is paid for. */
  async function withinShare(source: GossipSource, work: () => Promise<Verdict>): Promise<Outcome> {
    if (isBusy(source)) return 'busy'
    if (!quotas.isSolvent(source)) return 'overQuota'
    const { caller } = source
    underWay.set(caller, (underWay.get(caller) ?? 0) + 1)
    underWayInAll++
    const begun = performance.now()
    const beside = underWayInAll
    let outcome: Outcome = 'outage'
    try {
      outcome = await work()
    } catch (error) {
      // Nobody's fault, and as it is no verdict it may be judged again.
      logger.debug({ peer: source.peer, reason: reasonOf(error) }, 'what a peer told could not be judged')
    } finally {
      const left = (underWay.get(caller) ?? 1) - 1
      if (left === 0) underWay.delete(caller)
      else underWay.set(caller, left)
      underWayInAll--
      if (outcome !== 'accept') quotas.chargeUnpaid(source, (performance.now() - begun) / beside)
    }
    return outcome
  }

  function isTooOld({ verifiedAt }: VerifiedOperation): boolean {
    const number = options.blockNumberOf?.(verifiedAt)
    return number !== undefined && options.head().number - number > BigInt(limits.oldestVerifiedBlocks)
  }

  async function judgeOperation(
    operation: VerifiedOperation,
    mempools: readonly string[],
    source: GossipSource,
    isAsked: boolean,
  ): Promise<OperationJudgement> {
    const { userOperation, verifiedAt } = operation
    const hash = hashOf(operation)
    // Signatures are not part of the hash: of what waits here no other is wanted.
    if (options.operationsOf([hash]).length > 0) return { outcome: 'known' }
    const key = keyOf(hash, operation)
    if (refused.has(key)) return { outcome: 'known' }
    if (!isAsked && isTooOld(operation)) return { outcome: 'old' }
    // It may come by gossip while its promise is asked for.
    const judged =
      judging.get(key) ??
      withinShare(source, () => options.onOperation(userOperation, verifiedAt, mempools, source)).finally(
        () => judging.delete(key),
      )
    judging.set(key, judged)
    const outcome = await judged
    if (outcome === 'reject' || outcome === 'ignore') refused.add(key)
    const [validated] = outcome === 'accept' ? options.operationsOf([hash]) : []
    // Good, but not for the mempool that it was told in: there it goes no further.
    if (validated !== undefined && !isPartOf(validated, mempools)) return { outcome: 'elsewhere', validated }
    return { outcome, ...(validated && { validated }) }
  }

  /** What is known already because this node was asked to promise it is passed on, once, when it is gossiped. */
  async function judgeTold(
    operation: VerifiedOperation,
    mempoolId: string,
    source: GossipSource,
  ): Promise<OperationJudgement> {
    const judgement = await judgeOperation(operation, [mempoolId], source, false)
    const hash = hashOf(operation)
    if (!untold.take(keyOf(hash, operation)) || judgement.outcome !== 'known') return judgement
    const [validated] = options.operationsOf([hash])
    return validated === undefined || !isPartOf(validated, [mempoolId])
      ? judgement
      : { outcome: 'accept', validated }
  }

  /** ERC-7562 [ALT-020] What is valid by the canonical rules belongs to the canonical mempool. */
  function isPartOf({ mempools: names }: ValidatedOperation, told: readonly string[]): boolean {
    return options.mempools.some(
      ({ id, name }) =>
        told.includes(id) && (name === undefined ? names === undefined : (names?.includes(name) ?? false)),
    )
  }

  async function judgeDecoded<Value>(
    read: Decoded<Value>,
    source: GossipSource,
    work: (value: Value) => Promise<OperationJudgement>,
  ): Promise<OperationJudgement> {
    if (read.ok) return await work(read.value)
    logger.debug({ peer: source.peer, problem: read.problem }, 'a malformed message')
    return { outcome: 'malformed' }
  }

  async function judgeMessage(
    topic: TopicOwner,
    bytes: Uint8Array,
    source: GossipSource,
  ): Promise<OperationJudgement> {
    if (!quotas.takeMessage(source)) return { outcome: 'overQuota' }
    switch (topic.name) {
      case 'user_operation':
        return await judgeDecoded(codec.decode(bytes), source, operation =>
          judgeTold(operation, topic.mempoolId, source),
        )
      case 'bundle_commit':
        return await judgeDecoded(decodeCommit(bytes), source, async commit => ({
          outcome: await withinShare(source, () => options.onCommit(commit)),
        }))
      case 'inclusion_promise':
        return await judgeDecoded(decodePromise(bytes), source, async promise => ({
          outcome: await withinShare(source, () => options.onPromise(promise)),
        }))
    }
  }

  /** Of a bug of ours no peer is to suffer, and the node does not stop for one message. */
  function unjudged(error: unknown): OperationJudgement {
    logger.error({ error }, 'a message of a peer could not be judged')
    return { outcome: 'outage' }
  }

  function count(name: TopicName, outcome: Outcome, source: GossipSource): void {
    metrics.message(name, outcome)
    const fault = faults[outcome]
    if (fault !== undefined) options.onFault(source, fault)
  }

  return {
    async judge(topic, bytes, source) {
      const { outcome, validated } = await judgeMessage(topic, bytes, source).catch(unjudged)
      count(topic.name, outcome, source)
      return { verdict: verdicts[outcome], validated }
    },
    judgeOperation,
    async judgeForPromise(operation, source) {
      const judgement: OperationJudgement = quotas.takeMessage(source)
        ? await judgeOperation(operation, canonicalIds, source, false).catch(unjudged)
        : { outcome: 'overQuota' }
      const { outcome } = judgement
      count('user_operation', outcome, source)
      if (outcome === 'accept') untold.add(keyOf(hashOf(operation), operation))
      return judgement
    },
    waiting: () => underWayInAll,
  }
}

/** Signatures are not part of the hash. */
function keyOf(hash: Hash, { userOperation }: VerifiedOperation): string {
  return `${hash}${userOperation.signature}`
}

const verdicts: Readonly<Record<Outcome, Verdict>> = {
  accept: 'accept',
  ignore: 'ignore',
  reject: 'reject',
  malformed: 'reject',
  known: 'ignore',
  old: 'ignore',
  elsewhere: 'ignore',
  overQuota: 'ignore',
  busy: 'ignore',
  outage: 'ignore',
}

const faults: Readonly<Partial<Record<Outcome, Fault>>> = {
  reject: 'invalid',
  malformed: 'malformed',
  overQuota: 'overQuota',
}
