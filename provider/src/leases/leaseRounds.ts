// Goes through all leases at each head and whenever a machine has moved on: reads where each stands, decides, acts, until
// there is nothing to do but wait. Leases do not wait for each other.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { BlockReference, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import type { Machine } from '../machines/machineDriver.ts'
import { frozenTermsOf } from './frozenTerms.ts'
import { doAct, type LeaseTools } from './leaseActs.ts'
import { purposeMark } from './leaseCalls.ts'
import { confirmRequest, doubtRefusal, type LeaseMemory, newLeaseMemory } from './leaseMemory.ts'
import type { LeaseSearch } from './leaseSearch.ts'
import { leaseIdOf, machineKeyOf } from './machineSpec.ts'
import { nextAct } from './nextAct.ts'
import type { LeaseReader } from './readLeases.ts'
import type { ReadRequest } from './requests.ts'
import { hasEnded, isHandedOver, type Situation } from './situation.ts'

export type LeaseStanding = {
  readonly leaseId: bigint
  readonly lease: Lease | undefined
  readonly machine: Situation['machine']
  readonly note: string | undefined
}

export type LeaseRounds = Part & {
  onChainUpdate(update: ChainUpdate): void
  /** Who was refused is judged anew, and what waits is looked at. */
  look(): void
  standings(): readonly LeaseStanding[]
  /** In words, while rounds fail. */
  problem(): string | undefined
}

/** One that acts on and on is looked at again at the next head. */
const mostActs = 12
const machineMilliseconds = 1_000
const outageWords = {
  leases: {
    begun: 'a lease cannot be looked after; trying again',
    over: 'all leases can be looked after again',
  },
  search: {
    begun: 'no new leases can be found; those that are known are looked after',
    over: 'new leases are found again',
  },
  machines: {
    begun: 'the machines cannot be listed; the leases that are known are looked after',
    over: 'the machines can be listed again',
  },
} as const
/** A machine that ran so long has come up well. */
const soundMilliseconds = 600_000

export function createLeaseRounds(
  options: LeaseTools & {
    readonly search: LeaseSearch
    readonly reader: LeaseReader
    readonly readRequest: ReadRequest
    readonly head: () => BlockReference
    readonly finalityBlocks: number
    readonly isDraining: () => boolean
  },
): LeaseRounds {
  const { search, reader, readRequest, book, driver, sender, head, finalityBlocks, isDraining, logger } =
    options
  /** Each has outages of its own: one that goes on must not be told as over because another is. */
  const outages = {
    leases: createOutageLog(logger),
    search: createOutageLog(logger),
    machines: createOutageLog(logger),
  }
  const memories = new Map<bigint, LeaseMemory>()
  const standings = new Map<bigint, Omit<LeaseStanding, 'note'>>()
  /** Of each lease that is being dealt with: whether something has changed meanwhile. */
  const busy = new Map<bigint, { isStale: boolean; readonly done: Promise<void> }>()
  let round: Promise<void> | undefined
  let isRoundStale = false
  let timer: NodeJS.Timeout | undefined
  let isStopped = true
  let problem: string | undefined

  function memoryOf(leaseId: bigint): LeaseMemory {
    const memory = memories.get(leaseId) ?? {
      ...newLeaseMemory(),
      unentitledSince: book.unentitledSince(leaseId),
    }
    memories.set(leaseId, memory)
    return memory
  }

  async function knownMemoryOf(lease: Lease): Promise<LeaseMemory> {
    const { leaseId, state } = lease
    const memory = memoryOf(leaseId)
    // A reorg may be in what the node says before the follower has told of it.
    const isAnother = memory.request !== undefined && memory.request.frozenTerms !== frozenTermsOf(lease)
    if (!memory.isDoubted && !isAnother) return memory
    // Before it is read: a reorg meanwhile doubts it anew.
    memory.isDoubted = false
    try {
      const request = await readRequest(lease, book.fromBlock(leaseId) ?? 0n)
      const confirmed = confirmRequest(memory, request)
      memories.set(leaseId, confirmed)
      if (confirmed !== memory) {
        logger.warn(
          { leaseId, state },
          'another lease has this number now, and what was sent for the first is called off',
        )
        const mark = purposeMark(leaseId, memory.request)
        await sender.forsake(purpose => purpose.includes(mark))
      }
      return confirmed
    } catch (error) {
      memory.isDoubted = true
      throw error
    }
  }

  async function situationOf(leaseId: bigint, lease: Lease | undefined, machine: Machine | undefined) {
    const isAlive = lease !== undefined && !hasEnded(lease)
    const memory = isAlive ? await knownMemoryOf(lease) : memoryOf(leaseId)
    const { number } = head()
    const taken = book.taken(leaseId)
    const isMachineOfLease = taken === undefined || taken.terms === memory.request?.terms
    const isServable = isMachineOfLease || (machine === undefined && !(isAlive && isHandedOver(lease)))
    // Much hangs on it: it is read again until it agrees, or all is over.
    if (isAlive && !isMachineOfLease) memory.isDoubted = true
    if (isAlive && isServable) setUnentitledSince(leaseId, memory, undefined)
    else if (memory.unentitledSince === undefined || memory.unentitledSince > number)
      setUnentitledSince(leaseId, memory, number)
    if (lease?.state === 'paused' && !memory.isPaused) memory.pauses++
    memory.isPaused = lease?.state === 'paused'
    const upMilliseconds = machine?.state === 'running' ? Date.now() - machine.startedAtMilliseconds : 0
    if (upMilliseconds > soundMilliseconds) memory.failedStarts = { count: 0, reason: '' }
    const { verdict, preparation, failedStarts, mayPause, unentitledSince, request } = memory
    const isAwaited = request?.opened.ok === true && request.opened.request.readyWhen !== undefined
    return {
      ...{ lease, isMachineOfLease, verdict, preparation, failedStarts, mayPause, finalityBlocks },
      machine: machine?.state ?? ('none' as const),
      answers: isAwaited ? memory.answers : ('yes' as const),
      isDraining: isDraining(),
      wasStartedInThisBlock: memory.startedAtBlock === number,
      unentitledBlocks: unentitledSince === undefined ? undefined : Number(number - unentitledSince),
    }
  }

  /** Not waited for: an unpaid machine is to stand still on a full disk too, where a restart only counts anew. */
  function setUnentitledSince(leaseId: bigint, memory: LeaseMemory, since: bigint | undefined): void {
    if (memory.unentitledSince === since) return
    memory.unentitledSince = since
    book.markUnentitled(leaseId, since).catch(error => failed('leases', error, { leaseId }))
  }

  async function deal(leaseId: bigint): Promise<void> {
    for (let acts = 0; acts < mostActs && !isStopped; acts++) {
      const headBlock = head().number
      const lease = await reader.read(leaseId, headBlock)
      const situation = await situationOf(leaseId, lease, await driver.find(machineKeyOf(leaseId)))
      const act = nextAct(situation)
      const memory = memoryOf(leaseId)
      standings.set(leaseId, { leaseId, lease, machine: situation.machine })
      const goesOn = await doAct(options, { leaseId, lease, memory, headBlock, wake: look }, act)
      if (act.kind === 'wait' && act.forWhat === 'machine') lookSoon()
      if (act.kind === 'forget') {
        memories.delete(leaseId)
        standings.delete(leaseId)
      }
      if (!goesOn) return
    }
  }

  function begin(leaseId: bigint): void {
    const present = busy.get(leaseId)
    if (present !== undefined) {
      present.isStale = true
      return
    }
    const done = deal(leaseId).then(
      () => outages.leases.over(outageWords.leases.over),
      error => failed('leases', error, { leaseId }),
    )
    const entry = { isStale: false, done }
    busy.set(leaseId, entry)
    void done.finally(() => {
      busy.delete(leaseId)
      if (entry.isStale && !isStopped) begin(leaseId)
    })
  }

  /** Those that are known do not wait for those that are yet to be found: their renters pay now, and ping. */
  async function goRound(): Promise<void> {
    const begun = new Set<bigint>()
    const beginAll = (leaseIds: Iterable<bigint | undefined>): void => {
      for (const leaseId of leaseIds) {
        if (leaseId === undefined || begun.has(leaseId)) continue
        begun.add(leaseId)
        begin(leaseId)
      }
    }
    beginAll(book.ids())
    const searched = search.look(head().number).then(() => beginAll(book.ids()))
    const listed = driver.list().then(machines => {
      beginAll(machines.filter(({ owner }) => owner === 'lease').map(({ key }) => leaseIdOf(key)))
    })
    const isWhole = await Promise.all([hasSucceeded('search', searched), hasSucceeded('machines', listed)])
    if (isWhole.every(Boolean)) problem = undefined
  }

  async function hasSucceeded(part: 'search' | 'machines', work: Promise<void>): Promise<boolean> {
    return await work.then(
      () => {
        outages[part].over(outageWords[part].over)
        return true
      },
      error => {
        failed(part, error, {})
        return false
      },
    )
  }

  function failed(part: keyof typeof outages, error: unknown, details: object): void {
    if (isStopped) return
    problem = error instanceof Error ? error.message.split('\n')[0] : String(error)
    outages[part].begun({ error, ...details }, outageWords[part].begun)
    lookSoon()
  }

  function look(): void {
    if (isStopped) return
    if (round !== undefined) {
      isRoundStale = true
      return
    }
    isRoundStale = false
    round = goRound()
      .catch(error => failed('leases', error, {}))
      .finally(() => {
        round = undefined
        if (isRoundStale) look()
      })
  }

  function lookSoon(): void {
    if (isStopped) return
    timer ??= setTimeout(() => {
      timer = undefined
      look()
    }, machineMilliseconds)
  }

  return {
    name: 'leases',
    standings: () =>
      [...standings.values()]
        .map(standing => ({ ...standing, note: memories.get(standing.leaseId)?.note }))
        .sort((left, right) => Number(left.leaseId - right.leaseId)),
    problem: () => problem,
    onChainUpdate({ removed, isBeyondMemory }) {
      if (removed.length > 0 || isBeyondMemory)
        for (const memory of memories.values()) memory.isDoubted = true
      look()
    },
    look() {
      for (const memory of memories.values()) doubtRefusal(memory)
      look()
    },
    async start() {
      isStopped = false
      look()
    },
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await round
      await Promise.all([...busy.values()].map(({ done }) => done))
    },
  }
}
