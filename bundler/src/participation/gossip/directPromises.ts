// The short way to a promise: whoever has taken an operation shows it to the leader before all others, who judges it as if
// it were gossiped and answers what it promises. Nobody else's work is between the two.
import type { Connection } from '@libp2p/interface'
import type { Logger } from '@worldland-aa/service/logger'
import type { Hash } from 'viem'
import { operationHash } from '../../entryPoint/operationHash.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'
import type { OperationCodec, VerifiedOperation } from './codec/operationCodec.ts'
import type { GossipOptions } from './gossipOptions.ts'
import type { Inbox } from './inbox.ts'
import type { GossipLimits } from './limits.ts'
import type { SignedInclusionPromise } from './messages.ts'
import type { GossipMetrics } from './metrics.ts'
import type { Fault } from './peers/conduct.ts'
import type { GossipSource } from './peers/source.ts'
import { askPromise } from './requests/ask.ts'
import { createKeptStreams } from './requests/keptStreams.ts'

export type DirectPromises = {
  /** Readies a stream to each of these bundlers that is connected. */
  prepare(bundlerIds: readonly number[], signal: AbortSignal): Promise<void>
  /** Shows it to one of these bundlers after the other until one promises it, which comes in as if it were gossiped. */
  ask(validated: ValidatedOperation, bundlerIds: readonly number[], signal: AbortSignal): Promise<void>
  answer(operation: VerifiedOperation, source: GossipSource): Promise<SignedInclusionPromise | undefined>
  /** Whether a peer waits for an answer on it. */
  isAsked(hash: Hash): boolean
}

export function createDirectPromises(
  options: Pick<GossipOptions, 'chainId' | 'entryPoint' | 'version' | 'onPromise' | 'promiseOf'> & {
    readonly codec: OperationCodec
    readonly inbox: Inbox
    readonly limits: GossipLimits
    readonly metrics: GossipMetrics
    readonly logger: Logger
    connectionTo(bundlerId: number): Connection | undefined
    sourceOf(connection: Connection): GossipSource
    onFault(source: GossipSource, fault: Fault): void
  },
): DirectPromises {
  const { codec, inbox, limits, metrics, version, logger } = options
  const streams = createKeptStreams('inclusion_promise')
  const asked = new Map<Hash, number>()

  async function whileAsked<Value>(hash: Hash, work: () => Promise<Value>): Promise<Value> {
    asked.set(hash, (asked.get(hash) ?? 0) + 1)
    try {
      return await work()
    } finally {
      const left = (asked.get(hash) ?? 1) - 1
      if (left === 0) asked.delete(hash)
      else asked.set(hash, left)
    }
  }

  async function hasPromised(
    connection: Connection,
    { userOperation, userOperationHash, verifiedAt }: ValidatedOperation,
    signal: AbortSignal,
  ): Promise<boolean> {
    const operation = { userOperation, verifiedAt: verifiedAt.hash }
    const answer = await askPromise(streams, { connection, signal, limits }, operation, codec)
    if (!answer.ok) {
      logger.debug({ userOperationHash, problem: answer.problem }, 'a leader was asked in vain')
      metrics.asked('failed')
      return false
    }
    if (answer.value === undefined) {
      metrics.asked('nothing')
      return false
    }
    const isOfIt = answer.value.promise.userOpHash === userOperationHash
    const verdict = isOfIt ? await options.onPromise(answer.value) : 'reject'
    if (verdict === 'reject') options.onFault(options.sourceOf(connection), 'invalid')
    metrics.asked(verdict === 'accept' ? 'promised' : 'failed')
    return verdict === 'accept'
  }

  return {
    async prepare(bundlerIds, signal) {
      const connected = bundlerIds.map(options.connectionTo).filter(found => found !== undefined)
      await Promise.all(connected.map(connection => streams.prepare({ connection, signal, limits })))
    },
    async ask(validated, bundlerIds, signal) {
      // What only alternative mempools take the leader may not take.
      if (validated.mempools !== undefined) return
      for (const bundlerId of bundlerIds) {
        const connection = options.connectionTo(bundlerId)
        if (connection !== undefined && (await hasPromised(connection, validated, signal))) return
      }
    },
    async answer(operation, source) {
      const hash = operationHash(operation.userOperation, version, options)
      return await whileAsked(hash, async () => {
        const { outcome } = await inbox.judgeForPromise(operation, source)
        return outcome === 'accept' || outcome === 'known' ? await options.promiseOf?.(hash) : undefined
      })
    },
    isAsked: hash => asked.has(hash),
  }
}
