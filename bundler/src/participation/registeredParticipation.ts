// Takes turns with the others of a registry: composes what is known of it, what is signed and heard, and the word on
// whether this node may send.

import type { PrivateKey } from '@worldland-aa/service/keys/parsePrivateKeys'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import type { Address } from 'viem'
import { greater } from '../extremes.ts'
import { createArrivals } from './arrivals.ts'
import { createBreath } from './breath.ts'
import { createEquivocationStore } from './commits/equivocationStore.ts'
import { createHeardCommits, heardForWindows } from './commits/heardCommits.ts'
import { createHeardStore } from './commits/heardStore.ts'
import { createOwnCommits } from './commits/ownCommits.ts'
import { createReports } from './commits/reports.ts'
import type { PeerStatus } from './gossip/peers/peerStatus.ts'
import { createParticipationMetrics } from './metrics.ts'
import { openNetwork } from './network.ts'
import type { Participation, ParticipationOptions, SentBundle } from './participation.ts'
import type { ParticipationStatus, ShownPeer } from './participationStatus.ts'
import { createPeerHeads } from './peerHeads.ts'
import { createPeerIntake } from './peerIntake.ts'
import { lastBlockInTurn, mayCarry } from './policy/turnPolicy.ts'
import { openPromises } from './promising.ts'
import { createOperatorAccount } from './registry/operatorAccount.ts'
import { createRegistryView } from './registry/registry.ts'
import { createRoller } from './registry/roller.ts'
import { problemsOf, registryStatusOf } from './standing.ts'
import { createTakers } from './takers.ts'
import { createTelling } from './telling.ts'
import { createTurnLog } from './turnLog.ts'

export type RegisteredOptions = ParticipationOptions & {
  readonly bundlerRegistry: Address
  readonly nodeKey: PrivateKey | undefined
  readonly operatorKey: PrivateKey | undefined
}

const mostPeersShown = 100
/** For so many windows back it is remembered on the disk what was signed for. */
const rememberedWindows = 64n

export function createRegisteredParticipation(options: RegisteredOptions): Participation {
  const { config, client, chainId, chain, mempool, logger, nodeKey, operatorKey } = options
  const { bundlerRegistry: registry } = options
  const head = (): bigint => chain.head().number
  const view = createRegistryView({
    client,
    registry,
    nodeKey: nodeKey?.account.address,
    executors: options.executors,
    head: chain.head,
    logger,
  })
  const { schedule, membership } = view
  const metrics = createParticipationMetrics(options.registry, status)
  const turnLog = createTurnLog({ schedule, metrics, logger })
  const operator =
    operatorKey &&
    createOperatorAccount({
      ...{ client, chainId, account: operatorKey.account },
      fees: () => options.fees.currentFees().fast,
      replacementBumpPercent: options.profile.replacementBumpPercent,
    })
  const roller = operator && createRoller({ registry, operator, logger })
  const ownCommits = nodeKey && createOwnCommits({ ...options, account: nodeKey.account })
  const heardStore = createHeardStore(options)
  const equivocations = createEquivocationStore(options)
  const reports = operator && createReports({ client, operator, store: equivocations, logger })
  const heard = createHeardCommits({
    chainId,
    schedule,
    head,
    ownId,
    court: () => view.terms()?.court,
    nodeKeyOf: bundlerId => membership.bundler(bundlerId)?.nodeKey,
    onTaken: signed => later(heardStore.keepLater(signed), "another bundler's commit was not written"),
    onEquivocation(one, other) {
      metrics.equivocations.inc()
      logger.warn({ commits: [one, other] }, 'a bundler has signed two commits to one place')
      const court = view.terms()?.court
      if (reports === undefined || court === undefined || one.commit.bundlerId === ownId()) return
      later(equivocations.add(court, one, other, head()), 'two commits to one place were not written')
    },
  })
  const stopped = new AbortController()
  const intake = createPeerIntake({
    ...options,
    domain: { chainId, entryPoint: options.entryPoint },
    signal: stopped.signal,
  })
  const peerHeads = createPeerHeads({ head: chain.head, clock: options.clock })
  const network =
    nodeKey &&
    openNetwork({
      ...options,
      nodeKey: nodeKey.key,
      registryPeers: () => membership.all(),
      onPeerHead: peerHeads.said,
      intake,
      async onCommit(signed) {
        const verdict = heard.received(signed)
        metrics.commitsHeard.inc({ verdict })
        return verdict
      },
      onPromise: async signed => (await promises?.received(signed)) ?? 'ignore',
      promiseOf: async hash => await promises?.own(hash),
    })
  const promises =
    nodeKey &&
    openPromises({
      ...{ ...options, nodeKey: nodeKey.key, view, operator, isBehind: peerHeads.isBehind },
      publish: promise => telling.promised(promise),
    })
  const telling = createTelling({ schedule, ownId, head, intake, network, promises: () => promises })
  const arrivals = createArrivals(mempool)
  const takers = createTakers({
    schedule,
    isSignedFor: heard.isSignedFor,
    onTaken: () => metrics.taken.inc(),
    logger,
  })
  const turnListeners: (() => void)[] = []
  // Where nothing is heard there is nothing to wait for.
  const breath =
    network &&
    createBreath({
      schedule,
      onDrawn() {
        for (const listener of turnListeners) listener()
      },
    })
  const signing = createOutageLog(logger)
  const underWay = new Set<Promise<void>>()
  let said: string | undefined
  /** The newest head, be it taken in or not. */
  let seen = 0n

  /** Of which nothing hangs: what fails is worth a line in the log. */
  function later(work: Promise<void>, problem: string): void {
    work.catch(error => logger.warn({ error }, problem))
  }

  function ownId(): number {
    return membership.own()?.bundlerId ?? 0
  }

  function problems(): readonly string[] {
    const hasGuard = config.bundleGuard !== undefined
    return problemsOf({ registry, nodeKey: nodeKey?.account.address, hasGuard, membership })
  }

  function status(): ParticipationStatus {
    const nextBlock = head() + 1n
    return {
      mode: schedule.leaderAt(nextBlock, 0) === 0 ? 'open' : 'registered',
      problems: problems(),
      registry: registryStatusOf({
        ...{ registry, membership, schedule, head: head(), court: view.terms()?.court },
        committedOperations: heard.size(),
      }),
      ...(promises && { promises: promises.status() }),
      ...(network && { peers: network.peers().slice(0, mostPeersShown).map(showPeer) }),
    }
  }

  /** Once, and again when it changes. */
  function sayProblems(): void {
    const now = problems()
    const text = now.join('; ')
    if (text === said) return
    said = text
    for (const problem of now) logger.warn({ registry }, problem)
    const own = membership.own()
    if (now.length === 0 && own !== undefined)
      logger.info({ registry, bundlerId: own.bundlerId, stakeWei: own.stakeWei }, 'this node takes its turns')
  }

  async function sign(bundle: SentBundle, nextBlock: bigint): Promise<void> {
    const court = view.terms()?.court
    const bundlerId = ownId()
    if (ownCommits === undefined || court === undefined || bundlerId === 0) return
    const { index } = schedule.windowOf(nextBlock)
    // In grace it is still what the window before left.
    const window = schedule.rankOf(bundlerId, nextBlock) === undefined ? index - 1n : index
    try {
      const signed = await ownCommits.sign(bundle, { bundlerId, window, court })
      metrics.commitsSigned.inc()
      network?.publishCommit(signed)
      signing.over('commits to bundles are signed again')
    } catch (error) {
      signing.begun({ error }, 'a bundle was sent that could not be signed for: others may send the same')
    }
  }

  // Whoever leads may have it while this node's disk is at it; the client is answered afterwards.
  mempool.onAdmitted(telling.admitted)
  mempool.onAccepted(({ userOperationHash }) => {
    arrivals.came(userOperationHash, seen)
    promises?.arrived(userOperationHash)
  })

  return {
    name: 'participation',
    async start() {
      await view.start()
      sayProblems()
      heard.restore(await heardStore.all())
      await equivocations.start()
      await promises?.start()
      await network?.start()
    },
    async stop() {
      stopped.abort()
      breath?.forget()
      await network?.stop()
      await promises?.stop()
      await roller?.settled()
      await reports?.settled()
      await Promise.all(underWay)
    },
    see({ number }) {
      seen = number
      breath?.see(ownId(), number + 1n)
    },
    async onChainUpdate(update) {
      for (const block of update.added) peerHeads.saw(block)
      network?.onChainUpdate(update)
      await view.onChainUpdate(update)
      const { number } = update.head
      telling.onBlock()
      takers.onBlock(number)
      heard.forget(number)
      await promises?.onChainUpdate(update)
      turnLog.onBlock(ownId(), number + 1n)
      sayProblems()
      roller?.onBlock({
        due: view.due(),
        head: number,
        ownId: ownId(),
        leaderId: schedule.leaderAt(number + 1n, 0),
        bundlerCount: membership.all().length,
      })
      reports?.onBlock(update.head, { bundlerId: ownId(), bundlerCount: membership.all().length })
      const { index, first } = schedule.windowOf(number)
      if (number !== first) return
      arrivals.tidy()
      await ownCommits?.forgetBefore(index - rememberedWindows)
      later(heardStore.forgetBefore(index - heardForWindows), 'old commits of others were not let go of')
    },
    mayCarry(pooled, wanted) {
      if (breath?.isDrawn() === false) return false
      const nextBlock = greater(wanted, seen + 1n)
      const operation = pooled.validated.userOperationHash
      const committedBy = heard.commitmentTo(operation)
      const bundlerId = ownId()
      const question = {
        schedule,
        bundlerId,
        nextBlock,
        knownSinceBlock: arrivals.knownSince(pooled),
        committedBy,
      }
      if (mayCarry(question)) return true
      const isForCommit = committedBy !== undefined && mayCarry({ ...question, committedBy: undefined })
      turnLog.skipped(operation, isForCommit ? 'commit' : 'turn')
      return false
    },
    lastBlock: nextBlock => lastBlockInTurn(schedule, ownId(), nextBlock),
    // Where nothing is heard, nobody can be told from those in turn.
    isContested: () => network !== undefined && takers.isContested(head()),
    landed: takers.landed,
    sent(bundle, nextBlock) {
      takers.sent(bundle.transactionHash)
      if (schedule.leaderAt(nextBlock, 0) === 0) return
      const work = sign(bundle, nextBlock).finally(() => underWay.delete(work))
      underWay.add(work)
    },
    onTurn: listener => turnListeners.push(listener),
    promises,
    status,
  }
}

function showPeer({ headBlock, bundlerId, ...peer }: PeerStatus): ShownPeer {
  return {
    ...peer,
    headBlock: headBlock === undefined ? null : Number(headBlock),
    bundlerId: bundlerId ?? null,
  }
}
