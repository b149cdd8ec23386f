import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { describe, expect, it } from 'vitest'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { createTurns, type TurnKind, type TurnsOptions } from './turns.ts'

type Ending = { readonly name: string; end(milliseconds: number, result?: Result<unknown>): void }

const refused = refuse({ code: -32500, message: 'AA23 reverted' })

/** Turns whose work is over, and has taken so long, when the test says so. */
function turnsAt(options: Partial<TurnsOptions> & { readonly unpaidPerSecond?: number } = {}) {
  const spent = new WeakMap<UserOperation, number>()
  let now = 0
  const turns = createTurns({
    workplace: {
      count: 1,
      placeOf: () => 0,
      windowMilliseconds: 64,
      spentOn: userOperation => spent.get(userOperation) ?? 0,
    },
    unpaidTime: createRateLimiter({
      perSecond: options.unpaidPerSecond ?? 0,
      burstSeconds: 1,
      clock: { now: () => now },
    }),
    ...options,
  })
  const underWay: Ending[] = []
  const begun: string[] = []
  function ask(
    caller: string,
    name: string,
    kind: TurnKind = 'validation',
    signal = new AbortController().signal,
  ) {
    const userOperation = { sender: `0x${name}` } as unknown as UserOperation
    const turn = { context: { caller, signal }, userOperation, kind }
    const answer = turns.inTurn(turn, () => {
      begun.push(name)
      return new Promise<Result<unknown>>(resolve => {
        underWay.push({
          name,
          end(milliseconds, result = accept(name)) {
            spent.set(userOperation, milliseconds)
            resolve(result)
          },
        })
      })
    })
    return { answer, turn }
  }
  async function endNext(milliseconds: number, result?: Result<unknown>): Promise<void> {
    underWay.shift()?.end(milliseconds, result)
    await new Promise(setImmediate)
  }
  function wait(seconds: number): void {
    now += seconds * 1_000
  }
  return { turns, ask, begun, endNext, wait }
}

describe('turns', () => {
  it("have an honest caller's operation judged after at most two of a flooding caller's", async () => {
    const { ask, begun, endNext } = turnsAt()
    for (let index = 0; index < 50; index++) ask('flood', `flood ${index}`)
    await endNext(100, refused)
    await endNext(100, refused)
    const before = begun.length
    ask('honest', 'honest')
    await endNext(100, refused)
    await endNext(100, refused)
    expect(begun.slice(before, before + 2)).toContain('honest')
  })

  it('let one call of a stranger begin, then as many as are over in a moment', async () => {
    const { ask, begun, endNext } = turnsAt()
    for (let index = 0; index < 100; index++) ask('stranger', `${index}`)
    expect(begun).toHaveLength(1)
    await endNext(2)
    expect(begun).toHaveLength(1 + 32)
    await endNext(200)
    // What takes long is under way alone.
    for (let count = 0; count < 31; count++) await endNext(200)
    expect(begun).toHaveLength(1 + 32 + 1)
  })

  it('drop what waits for a caller who goes, before it is begun', async () => {
    const { ask, begun, endNext } = turnsAt()
    const gone = new AbortController()
    ask('stranger', 'first')
    const dropped = ask('stranger', 'dropped', 'validation', gone.signal)
    ask('stranger', 'kept')
    gone.abort()
    expect((await dropped.answer).ok).toBe(false)
    await endNext(2)
    expect(begun).toEqual(['first', 'kept'])
    expect((await ask('stranger', 'late', 'validation', gone.signal).answer).ok).toBe(false)
  })

  it('are so many for one caller, and of all go to those who have the fewest', async () => {
    const { ask, begun, endNext } = turnsAt({ limits: { waiting: 6, waitingPerCaller: 4 } })
    const full = { ok: false, refusal: { code: -32005, message: expect.stringMatching(/again in \d+ s/) } }
    for (let index = 0; index < 5; index++) ask('one', `one ${index}`)
    expect(await ask('one', 'one too many').answer).toMatchObject(full)
    for (let index = 0; index < 3; index++) ask('two', `two ${index}`)
    const third = ask('three', 'three').answer
    for (let count = 0; count < 12; count++) await endNext(1)
    expect(await third).toMatchObject({ ok: true })
    expect(begun).toContain('three')
  })

  it('are refused to him whose refused operations have taken too long, until that is made up for', async () => {
    const { ask, endNext, wait } = turnsAt({ unpaidPerSecond: 100 })
    const answers = Array.from({ length: 5 }, (_, index) => ask('stranger', `${index}`).answer)
    await endNext(400, refused)
    expect(await answers[0]).toEqual(refused)
    const spent = { refusal: { code: -32005, message: expect.stringContaining('try again in 3 s') } }
    expect(await answers[4]).toMatchObject(spent)
    expect(await ask('stranger', 'again').answer).toMatchObject(spent)
    const other = ask('other', 'other').answer
    await endNext(1)
    expect((await other).ok).toBe(true)
    wait(3)
    const later = ask('stranger', 'later').answer
    await endNext(1)
    expect((await later).ok).toBe(true)
  })

  it('cost nothing where the operation pays, and are charged where it does not come to that', async () => {
    const { ask, endNext, turns } = turnsAt({ unpaidPerSecond: 100 })
    const accepted = ask('stranger', 'accepted')
    await endNext(400)
    const estimate = ask('stranger', 'estimate', 'estimate')
    await endNext(50)
    expect((await accepted.answer).ok && (await estimate.answer).ok).toBe(true)
    turns.unpaid(accepted.turn)
    expect(await ask('stranger', 'next').answer).toMatchObject({ refusal: { code: -32005 } })
  })

  it('go on where work fails', async () => {
    const { turns, ask, endNext } = turnsAt()
    const { turn } = ask('stranger', 'first')
    await endNext(1)
    const failing = () => Promise.reject(new Error('the node does not answer'))
    await expect(turns.inTurn(turn, failing)).rejects.toThrow('does not answer')
    const next = ask('stranger', 'next').answer
    await endNext(1)
    expect((await next).ok).toBe(true)
  })
})
