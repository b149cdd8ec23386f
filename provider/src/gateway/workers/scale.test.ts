// How many workers there should be.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endpoint } from '../testing/gatewayStage.ts'
import { newWorker, type Worker } from './roster.ts'
import { scale } from './scale.ts'

const now = 10_000_000
let made = 0

function worker(state: { phase?: Worker['phase']; idle?: number; fingerprint?: string } = {}): Worker {
  const { phase = 'ready', idle = 0, fingerprint = 'now' } = state
  const identity = { key: `worker-a-${made++}`, endpointId: 'a', fingerprint }
  return { ...newWorker(identity, phase, now - 60_000), idleSinceMilliseconds: now - idle * 1_000 }
}

function plan(
  fields: Parameters<typeof endpoint>[0] | undefined,
  workers: readonly Worker[],
  waiting: number,
  held: ReadonlyMap<Worker, number> = new Map(),
) {
  const defined = fields && endpoint(fields)
  return scale(defined, 'now', workers, { waiting, heldBy: one => held.get(one) ?? 0 }, now)
}

const a = { id: 'a', maximumWorkers: 4, concurrency: 2, idleSeconds: 10 }

describe('an endpoint', () => {
  it('without jobs has as few workers as it may', () => {
    expect(plan(a, [], 0)).toEqual({ start: 0, drain: [] })
    expect(plan({ ...a, minimumWorkers: 2 }, [worker()], 0).start).toBe(1)
  })

  it('gets as many as its jobs need, and no more than it may', () => {
    expect(plan(a, [], 1).start).toBe(1)
    expect(plan(a, [], 5).start).toBe(3)
    expect(plan(a, [worker({ phase: 'starting' })], 500).start).toBe(3)
  })

  it('lets workers go that had nothing to do for long, those that have not for longest first', () => {
    const [old, older, busy] = [worker({ idle: 11 }), worker({ idle: 30 }), worker({ idle: 99 })]
    const drained = plan(a, [old, older, busy], 0, new Map([[busy, 1]])).drain
    expect(drained.map(one => one.worker)).toEqual([older, old])
    expect(plan({ ...a, minimumWorkers: 2 }, [old, older, busy], 0, new Map([[busy, 1]])).drain).toHaveLength(
      1,
    )
  })

  it('keeps an idle worker that its waiting jobs will need', () => {
    expect(plan(a, [worker({ idle: 50 })], 1).drain).toEqual([])
  })

  it('that was changed, or is no more, lets all its workers go', () => {
    expect(plan(a, [worker({ fingerprint: 'before' })], 1)).toMatchObject({ start: 1, drain: [{}] })
    expect(plan(undefined, [worker(), worker({ phase: 'starting' })], 3)).toMatchObject({
      start: 0,
      drain: [{}, {}],
    })
  })

  it('never has more workers than it may, those that are on their way out counted', () => {
    const phases = fc.array(fc.constantFrom<Worker['phase']>('starting', 'ready', 'draining'), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(phases, fc.nat(50), (given, waiting) => {
        const workers = given.map(phase => worker({ phase }))
        const { start } = plan(a, workers, waiting)
        expect(start).toBeGreaterThanOrEqual(0)
        if (start > 0) expect(workers.length + start).toBeLessThanOrEqual(a.maximumWorkers)
      }),
    )
  })
})
