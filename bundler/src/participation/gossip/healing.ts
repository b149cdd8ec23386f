// Two nodes that lost each other agree again: what a peer holds is compared with what is here, and what is missing is
// asked for and judged like all else. Each does so by himself, when they meet and now and then.
import type { Connection } from '@libp2p/interface'
import type { Clock } from '@worldland-aa/service/clock'
import type { Logger } from '@worldland-aa/service/logger'
import type { Hash } from 'viem'
import type { OperationCodec } from './codec/operationCodec.ts'
import type { GossipOptions } from './gossipOptions.ts'
import type { Inbox } from './inbox.ts'
import type { GossipLimits } from './limits.ts'
import type { GossipMetrics } from './metrics.ts'
import type { Fault } from './peers/conduct.ts'
import type { GossipSource } from './peers/source.ts'
import { createRecentKeys } from './recentKeys.ts'
import { askHashes, askOperations } from './requests/ask.ts'

/** More than a node is likely to hold; the rest comes the next time. */
const mostPages = 16
const operationsPerRequest = 64
const judgedAtOnce = 8
/** What was asked for and did not stay is asked for no more for so long: it has landed here, or is no good here. */
const settledMilliseconds = 120_000
const mostSettled = 50_000

export type Healing = {
  /** Asks this peer for what is missing here; one comparison with it at a time. */
  compareWith(connection: Connection, signal: AbortSignal): Promise<void>
}

export function createHealing(
  options: Pick<GossipOptions, 'operationsOf' | 'mempools' | 'version' | 'chainId' | 'entryPoint'> & {
    readonly codec: OperationCodec
    readonly inbox: Inbox
    readonly metrics: GossipMetrics
    readonly limits: GossipLimits
    readonly clock: Clock
    readonly logger: Logger
    sourceOf(connection: Connection): GossipSource
    onFault(source: GossipSource, fault: Fault): void
  },
): Healing {
  const { codec, inbox, metrics, version, limits, logger } = options
  const comparing = new Set<string>()
  const settled = createRecentKeys({
    milliseconds: settledMilliseconds,
    most: mostSettled,
    clock: options.clock,
  })
  const mempoolIds = options.mempools.map(({ id }) => id)

  function missingOf(hashes: readonly Hash[]): Hash[] {
    const known = new Set(options.operationsOf(hashes).map(({ userOperationHash }) => userOperationHash))
    return hashes.filter(hash => !known.has(hash) && !settled.has(hash))
  }

  async function fetchMissing(
    connection: Connection,
    hashes: readonly Hash[],
    source: GossipSource,
    signal: AbortSignal,
  ): Promise<number> {
    const answer = await askOperations({ connection, signal, limits }, hashes, codec)
    if (!answer.ok) return fault(source, answer.problem)
    const asked = new Set(hashes)
    for (const operation of answer.value) {
      if (!operation.ok) return fault(source, operation.problem)
      const hash = version.hash(operation.value.userOperation, options)
      if (!asked.delete(hash)) return fault(source, 'it answers with what was not asked for')
    }
    let taken = 0
    let isOverQuota = false
    const waiting = answer.value.filter(operation => operation.ok)
    const judgeNext = async (): Promise<void> => {
      for (
        let next = waiting.shift();
        next !== undefined && !signal.aborted && !isOverQuota;
        next = waiting.shift()
      ) {
        const { outcome } = await inbox.judgeOperation(next.value, mempoolIds, source, true)
        if (outcome === 'accept') taken++
        if (outcome === 'overQuota') isOverQuota = true
        if (outcome === 'reject') options.onFault(source, 'invalid')
        // No verdict: it may be asked for again.
        if (outcome === 'busy' || outcome === 'overQuota' || outcome === 'outage') continue
        settled.add(version.hash(next.value.userOperation, options))
      }
    }
    await Promise.all(Array.from({ length: judgedAtOnce }, judgeNext))
    metrics.healed(taken)
    // Nothing more of it is judged now, so nothing more is asked for.
    return isOverQuota ? 0 : answer.value.length
  }

  function fault(source: GossipSource, problem: string): 0 {
    logger.debug({ peer: source.peer, problem }, 'a comparison with a peer failed')
    options.onFault(source, 'badAnswer')
    return 0
  }

  async function compare(connection: Connection, source: GossipSource, signal: AbortSignal): Promise<void> {
    let cursor: Hash | undefined
    for (let page = 0; page < mostPages && !signal.aborted; page++) {
      const answer = await askHashes({ connection, signal, limits }, cursor)
      // Not every node of the spec answers it.
      if (!answer.ok) return
      const missing = missingOf(answer.value.hashes)
      while (missing.length > 0 && !signal.aborted) {
        const asked = missing.splice(0, operationsPerRequest)
        const got = await fetchMissing(connection, asked, source, signal)
        if (got === 0) return
      }
      if (answer.value.next === undefined || answer.value.next === cursor) return
      cursor = answer.value.next
    }
  }

  return {
    async compareWith(connection, signal) {
      const source = options.sourceOf(connection)
      if (comparing.has(source.peer)) return
      comparing.add(source.peer)
      try {
        await compare(connection, source, signal)
      } finally {
        comparing.delete(source.peer)
      }
    },
  }
}
