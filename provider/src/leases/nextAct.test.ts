// In whatever order chain and machine move, be cut off, or be taken back: what follows from nextAct ends in agreement.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextAct } from './nextAct.ts'
import { type Act, hasEnded, isUp, type LeaseAtHead, type Situation } from './situation.ts'

const finalityBlocks = 12

const quiet: Situation = {
  lease: undefined,
  machine: 'none',
  isMachineOfLease: true,
  verdict: 'taken',
  isDraining: false,
  preparation: 'done',
  answers: 'yes',
  failedStarts: { count: 0, reason: '' },
  wasStartedInThisBlock: false,
  mayPause: true,
  unentitledBlocks: undefined,
  finalityBlocks,
}

const ready: LeaseAtHead = {
  state: 'ready',
  usedSeconds: 10,
  maximumSeconds: 100,
  deadlineBlock: undefined,
  ping: undefined,
  blockNumber: 50n,
}
const accepted: LeaseAtHead = { ...ready, state: 'accepted', usedSeconds: 0, deadlineBlock: 60n }
const locked: LeaseAtHead = { ...accepted, state: 'locked' }
const ping = { pingedAtTimestamp: 1n, deadlineBlock: 60n }

describe('the next act', () => {
  it('accepts what is taken, in time, and cancels what was not in time', () => {
    expect(nextAct({ ...quiet, lease: locked, verdict: 'open' }).kind).toBe('judge')
    expect(nextAct({ ...quiet, lease: locked }).kind).toBe('accept')
    expect(nextAct({ ...quiet, lease: locked, verdict: { reason: 'no' } }).kind).toBe('wait')
    expect(nextAct({ ...quiet, lease: locked, verdict: 'open', isDraining: true }).kind).toBe('wait')
    expect(nextAct({ ...quiet, lease: { ...locked, blockNumber: 60n } }).kind).toBe('stop')
  })

  it('starts no machine before the acceptance is mined, and is ready only when it runs', () => {
    const machines = ['none', 'exited', 'frozen', 'starting', 'running'] as const
    for (const machine of machines) {
      expect(['accept', 'freeze']).toContain(nextAct({ ...quiet, lease: locked, machine }).kind)
      const act = nextAct({ ...quiet, lease: accepted, machine }).kind
      expect(act === 'ready').toBe(machine === 'running')
    }
  })

  it('asks a machine that has to answer first, and is ready only when it does, in time', () => {
    const running = { ...quiet, lease: accepted, machine: 'running' } as const
    const acts = (['no', 'underWay', 'yes'] as const).map(answers => nextAct({ ...running, answers }).kind)
    expect(acts).toEqual(['ask', 'wait', 'ready'])
    const late = { ...accepted, blockNumber: 60n }
    expect(nextAct({ ...running, lease: late, answers: 'no' }).kind).toBe('freeze')
    // The meter runs: what answers by then is the renter's own.
    expect(nextAct({ ...running, lease: ready, answers: 'no' }).kind).toBe('wait')
  })

  it('answers a ping for a machine that runs, and for no other', () => {
    for (const machine of ['none', 'exited', 'frozen', 'starting', 'running'] as const) {
      const act = nextAct({ ...quiet, lease: { ...ready, ping }, machine })
      expect(act.kind === 'pong').toBe(machine === 'running')
    }
  })

  it('freezes at once when the time is used up, and thaws when it is extended', () => {
    const spent = { ...ready, usedSeconds: 100 }
    expect(nextAct({ ...quiet, lease: spent, machine: 'running' }).kind).toBe('freeze')
    expect(nextAct({ ...quiet, lease: spent, machine: 'frozen' }).kind).toBe('stop')
    expect(nextAct({ ...quiet, lease: ready, machine: 'frozen' }).kind).toBe('thaw')
  })

  it('keeps a machine whose lease was stopped until no reorg can bring it back', () => {
    const stopped = { ...quiet, lease: { ...ready, state: 'settled' as const } }
    expect(nextAct({ ...stopped, machine: 'running', unentitledBlocks: 0 }).kind).toBe('freeze')
    expect(nextAct({ ...stopped, machine: 'frozen', unentitledBlocks: 11 }).kind).toBe('wait')
    expect(nextAct({ ...stopped, machine: 'frozen', unentitledBlocks: 12 }).kind).toBe('wipe')
    expect(nextAct({ ...stopped, unentitledBlocks: 12 }).kind).toBe('forget')
  })

  it('lets nobody pay for a machine that does not come up', () => {
    const failing = { ...quiet, lease: ready, machine: 'exited' as const }
    expect(nextAct({ ...failing, failedStarts: { count: 1, reason: 'x' } }).kind).toBe('start')
    expect(nextAct({ ...failing, failedStarts: { count: 2, reason: 'x' } }).kind).toBe('pause')
    expect(nextAct({ ...failing, failedStarts: { count: 5, reason: 'x' } })).toEqual({
      kind: 'stop',
      reason: 'x',
    })
    expect(nextAct({ ...quiet, lease: { ...ready, state: 'paused' }, machine: 'running' }).kind).toBe(
      'resume',
    )
  })

  it('does not give a machine of another lease to the one that has its number now', () => {
    const foreign = { ...quiet, lease: accepted, isMachineOfLease: false }
    expect(nextAct({ ...foreign, machine: 'running', unentitledBlocks: 0 }).kind).toBe('freeze')
    expect(nextAct({ ...foreign, machine: 'frozen', unentitledBlocks: 3 }).kind).toBe('wait')
    expect(nextAct({ ...foreign, machine: 'frozen', unentitledBlocks: 12 }).kind).toBe('wipe')
    const late = { ...accepted, blockNumber: 60n }
    expect(nextAct({ ...foreign, lease: late, machine: 'frozen', unentitledBlocks: 3 }).kind).toBe('stop')
  })

  it('ends a lease that was made ready by what was meant for another, once it is sure, with or without its machine', () => {
    for (const state of ['ready', 'paused'] as const)
      for (const machine of ['frozen', 'exited', 'none'] as const) {
        const foreign = { ...quiet, lease: { ...ready, state }, isMachineOfLease: false, machine }
        expect(nextAct({ ...foreign, unentitledBlocks: 0 }).kind).toBe('wait')
        expect(nextAct({ ...foreign, unentitledBlocks: 2 })).toMatchObject({
          kind: 'stop',
          reason: expect.stringContaining('another lease'),
        })
      }
  })

  it('answers no ping for the machine of another lease, and leaves a fault to whoever claims it', () => {
    const foreign = { ...quiet, isMachineOfLease: false, unentitledBlocks: 2 }
    const pinged = { ...ready, ping }
    expect(nextAct({ ...foreign, lease: pinged, machine: 'running' }).kind).toBe('freeze')
    expect(nextAct({ ...foreign, lease: pinged, machine: 'frozen' }).kind).toBe('stop')
    const unanswered = { ...pinged, blockNumber: 61n }
    expect(nextAct({ ...foreign, lease: unanswered, machine: 'frozen' }).kind).toBe('wait')
  })
})

/** Chain and machine, and what the daemon remembers of them. */
type World = { lease: LeaseAtHead | undefined; machine: Situation['machine']; memory: Memory; block: bigint }
type Memory = {
  verdict: Situation['verdict']
  preparation: Situation['preparation']
  failedStarts: Situation['failedStarts']
  startedAtBlock?: bigint
  unentitledSince?: bigint | undefined
}

const newMemory = (): Memory => ({
  verdict: 'open',
  preparation: 'none',
  failedStarts: { count: 0, reason: '' },
})

function situationOf(world: World): Situation {
  const { lease, machine, memory, block } = world
  const isAlive = lease !== undefined && !hasEnded(lease)
  memory.unentitledSince = isAlive ? undefined : (memory.unentitledSince ?? block)
  return {
    ...quiet,
    ...{ machine, lease: lease && { ...lease, blockNumber: block } },
    ...{ verdict: memory.verdict, preparation: memory.preparation, failedStarts: memory.failedStarts },
    wasStartedInThisBlock: memory.startedAtBlock === block,
    unentitledBlocks:
      memory.unentitledSince === undefined ? undefined : Number(block - memory.unentitledSince),
  }
}

/** As contract and driver would. What the contract would refuse, throws: nothing such may be asked of it. */
function carryOut(world: World, act: Act): void {
  const { memory, lease } = world
  const as = (...states: LeaseAtHead['state'][]): LeaseAtHead => {
    if (lease === undefined || !states.includes(lease.state))
      throw new Error(`${act.kind} at ${lease?.state}`)
    return lease
  }
  switch (act.kind) {
    case 'judge':
      memory.verdict = 'taken'
      break
    case 'prepare':
      memory.preparation = 'done'
      break
    case 'accept':
      world.lease = { ...as('locked'), state: 'accepted', deadlineBlock: world.block + 180n }
      break
    case 'start':
      if (lease === undefined || hasEnded(lease) || lease.state === 'locked')
        throw new Error('started unpaid')
      memory.startedAtBlock = world.block
      world.machine = 'running'
      break
    case 'ready':
      if (world.machine !== 'running') throw new Error('ready without a machine')
      world.lease = { ...as('accepted'), state: 'ready', deadlineBlock: undefined }
      break
    case 'pong':
      if (world.machine !== 'running') throw new Error('pong without a machine')
      world.lease = { ...as('ready'), ping: undefined }
      break
    case 'pause':
      world.lease = { ...as('ready'), state: 'paused' }
      break
    case 'resume':
      world.lease = { ...as('paused'), state: 'ready' }
      break
    case 'stop': {
      const { state } = as('locked', 'accepted', 'ready', 'paused')
      world.lease = { ...ready, state: state === 'locked' || state === 'accepted' ? 'settled' : 'stopped' }
      break
    }
    case 'settle':
      world.lease = { ...as('stopped'), state: 'settled' }
      break
    case 'freeze':
      world.machine = 'frozen'
      break
    case 'thaw':
      world.machine = 'running'
      break
    case 'wipe':
      if (lease !== undefined && !hasEnded(lease)) throw new Error('a paid machine was wiped')
      world.machine = 'none'
      break
  }
}

const machineActs: ReadonlySet<Act['kind']> = new Set(['judge', 'prepare', 'start', 'freeze', 'thaw', 'wipe'])

/** One head: acts at once where the machine is concerned, and sends one thing to the chain. */
function runBlock(world: World, isCutOffAfter = Number.POSITIVE_INFINITY): void {
  for (let acts = 0; acts < 12 && acts < isCutOffAfter; acts++) {
    const act = nextAct(situationOf(world))
    carryOut(world, act)
    if (!machineActs.has(act.kind)) break
  }
  world.block++
}

const event = fc.oneof(
  fc.constantFrom('nothing', 'stop', 'ping', 'use', 'exit', 'restart', 'reorg', 'vanish', 'return', 'expire'),
  fc.record({ cutOffAfter: fc.integer({ min: 0, max: 3 }) }),
)

function happen(world: World, what: string, past: (LeaseAtHead | undefined)[]): void {
  const { lease } = world
  if (what === 'exit' && isUp(world.machine)) world.machine = 'exited'
  // The daemon dies and starts anew: it knows nothing but what the chain and the machines say.
  if (what === 'restart') world.memory = newMemory()
  if (what === 'reorg') world.lease = past.at(-Math.min(past.length, 6))
  if (what === 'vanish') world.lease = undefined
  if (what === 'return') world.lease = past.findLast(one => one !== undefined)
  if (lease === undefined) return
  if (what === 'stop' && (lease.state === 'ready' || lease.state === 'paused'))
    world.lease = { ...lease, state: 'stopped' }
  if (what === 'expire' && (lease.state === 'locked' || lease.state === 'accepted'))
    world.lease = { ...lease, state: 'expired' }
  if (what === 'ping' && lease.state === 'ready' && lease.ping === undefined)
    world.lease = { ...lease, ping: { ...ping, deadlineBlock: world.block + 24n } }
  if (what === 'use' && lease.state === 'ready') world.lease = { ...lease, usedSeconds: lease.maximumSeconds }
}

describe('whatever happens, in any order', () => {
  it('chain and machine come to agree once nothing new happens', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), events => {
        const world: World = {
          lease: { ...locked, deadlineBlock: 110n },
          machine: 'none',
          memory: newMemory(),
          block: 50n,
        }
        const past: (LeaseAtHead | undefined)[] = [world.lease]
        for (const what of events) {
          if (typeof what === 'string') happen(world, what, past)
          runBlock(world, typeof what === 'string' ? undefined : what.cutOffAfter)
          past.push(world.lease)
        }
        for (let block = 0; block < 40; block++) {
          runBlock(world)
          const { lease, machine } = world
          // After every head: nothing runs that nobody pays for.
          const isPaid = lease !== undefined && ['accepted', 'ready', 'paused'].includes(lease.state)
          if (isUp(machine)) expect(isPaid).toBe(true)
        }
        const { lease, machine } = world
        if (lease === undefined || hasEnded(lease)) {
          expect(machine).toBe('none')
          expect(lease?.state).not.toBe('stopped')
        } else if (lease.ping === undefined) {
          expect({ state: lease.state, machine }).toEqual({ state: 'ready', machine: 'running' })
        }
        expect(['wait', 'forget']).toContain(nextAct(situationOf(world)).kind)
      }),
      { numRuns: 2_000 },
    )
  })
})
