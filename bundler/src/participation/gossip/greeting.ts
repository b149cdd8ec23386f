// Two nodes that meet tell each other their chain. Whoever is on another one, or speaks no such thing, goes.
import type { Connection } from '@libp2p/interface'
import type { Logger } from '@worldland-aa/service/logger'
import type { GossipOptions } from './gossipOptions.ts'
import type { GossipLimits } from './limits.ts'
import { askMempools, askStatus, sayGoodbye } from './requests/ask.ts'
import { encodeStatus, type StatusValue } from './requests/handlers.ts'
import { goodbyeReason } from './requests/protocols.ts'

export type Acquaintance = { headBlock?: bigint; mempools: readonly string[] }

export type Greeting = {
  /** Answers whether the peer stays. */
  greet(connection: Connection, signal: AbortSignal): Promise<boolean>
  /** Tells it the newest block here, and hears of its own. */
  tellHead(connection: Connection, signal: AbortSignal): Promise<void>
  onStatus(status: StatusValue, connection: Connection): void
  acquaintanceOf(peer: string): Acquaintance | undefined
  forget(peer: string): void
}

export function createGreeting(
  options: Pick<GossipOptions, 'chainId' | 'head'> & {
    readonly limits: GossipLimits
    /** Its newest block, each time that it says so. */
    onHead(peer: string, head: bigint): void
    /** In the registry of this chain, so of this chain. */
    isTrusted(peer: string): boolean
    /** It is of another network, and of no use here for a long time. */
    shun(peer: string): void
    /** It did not answer in time, or does not speak this; it may the next time. */
    failed(peer: string): void
    readonly logger: Logger
  },
): Greeting {
  const { chainId, limits, logger } = options
  const known = new Map<string, Acquaintance>()

  async function leave(connection: Connection, reason: bigint, signal: AbortSignal): Promise<void> {
    const peer = connection.remotePeer.toString()
    if (reason === goodbyeReason.irrelevantNetwork) options.shun(peer)
    else options.failed(peer)
    await sayGoodbye({ connection, signal, limits }, reason)
    connection.abort(new Error('It does not belong to this network'))
  }

  /** Answers whether it is of this chain. */
  function take(status: StatusValue, connection: Connection): boolean {
    const peer = connection.remotePeer.toString()
    if (status.chainId !== BigInt(chainId)) {
      logger.info({ peer, chainId: status.chainId.toString() }, 'a peer of another chain is turned away')
      return false
    }
    known.set(peer, { mempools: known.get(peer)?.mempools ?? [], headBlock: status.blockNumber })
    options.onHead(peer, status.blockNumber)
    return true
  }

  return {
    async greet(connection, signal) {
      const asking = { connection, signal, limits }
      const status = await askStatus(asking, encodeStatus(options))
      if (!status.ok) {
        const peer = connection.remotePeer.toString()
        logger.debug({ peer, problem: status.problem }, 'a peer does not tell its chain')
        if (options.isTrusted(peer)) return true
        await leave(connection, goodbyeReason.fault, signal)
        return false
      }
      if (!take(status.value, connection)) {
        await leave(connection, goodbyeReason.irrelevantNetwork, signal)
        return false
      }
      const mempools = await askMempools(asking)
      const acquaintance = known.get(connection.remotePeer.toString())
      if (mempools.ok && acquaintance !== undefined) acquaintance.mempools = mempools.value
      return true
    },
    async tellHead(connection, signal) {
      const status = await askStatus({ connection, signal, limits }, encodeStatus(options))
      if (status.ok) take(status.value, connection)
    },
    onStatus(status, connection) {
      if (take(status, connection)) return
      // The answer goes out first: from it the other side learns why.
      setTimeout(
        () => void leave(connection, goodbyeReason.irrelevantNetwork, AbortSignal.timeout(2_000)),
        200,
      ).unref()
    },
    acquaintanceOf: peer => known.get(peer),
    forget: peer => known.delete(peer),
  }
}
