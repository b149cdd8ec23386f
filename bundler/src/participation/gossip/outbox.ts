// What this node tells the others, and in which topics.
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import { encodeCommit, encodePromise } from './codec/announcementCodec.ts'
import type { OperationCodec } from './codec/operationCodec.ts'
import type { GossipOptions } from './gossipOptions.ts'
import { mempoolIdsOf } from './mempools/mempoolIdsOf.ts'
import type { SignedBundleCommit, SignedInclusionPromise } from './messages.ts'
import { type TopicName, topicOf } from './topics.ts'

export type Outbox = {
  operation(validated: ValidatedOperation): void
  /** One that came in this mempool's topic: to those who are in another that it is part of, and not in this one. */
  passOn(validated: ValidatedOperation, mempoolId: string): void
  commit(commit: SignedBundleCommit): void
  promise(promise: SignedInclusionPromise): void
}

export function createOutbox(
  options: Pick<GossipOptions, 'mempools'> & {
    readonly codec: OperationCodec
    publish(topic: string, bytes: Uint8Array): Promise<unknown>
    subscribersOf(topic: string): readonly string[]
    readonly logger: Logger
  },
): Outbox {
  const { mempools, codec, logger } = options
  const canonical = mempools.find(({ name }) => name === undefined)?.id

  function publish(mempoolId: string, name: TopicName, bytes: Uint8Array): void {
    options.publish(topicOf(mempoolId, name), bytes).catch(error => {
      logger.debug({ topic: name, reason: reasonOf(error) }, 'a message could not be told')
    })
  }

  /**
   * ERC-7562 [ALT-030] Each operation goes to another bundler once, however many mempools they share: a further topic
   * is used only where somebody hears it who hears none of those before.
   */
  function tell(validated: ValidatedOperation, isHeardIn: readonly string[]): void {
    const { userOperation, verifiedAt } = validated
    const ids = mempoolIdsOf(mempools, validated).filter(id => !isHeardIn.includes(id))
    const reached = new Set(isHeardIn.flatMap(id => options.subscribersOf(topicOf(id, 'user_operation'))))
    let isFirst = isHeardIn.length === 0
    for (const id of ids) {
      const subscribers = options.subscribersOf(topicOf(id, 'user_operation'))
      const isNeeded = isFirst || subscribers.some(peer => !reached.has(peer))
      isFirst = false
      if (!isNeeded) continue
      for (const peer of subscribers) reached.add(peer)
      publish(id, 'user_operation', codec.encode({ userOperation, verifiedAt: verifiedAt.hash }))
    }
  }

  function announce(name: TopicName, bytes: Uint8Array): void {
    if (canonical !== undefined) publish(canonical, name, bytes)
  }

  return {
    operation: validated => tell(validated, []),
    passOn: (validated, mempoolId) => tell(validated, [mempoolId]),
    commit: commit => announce('bundle_commit', encodeCommit(commit)),
    promise: promise => announce('inclusion_promise', encodePromise(promise)),
  }
}
