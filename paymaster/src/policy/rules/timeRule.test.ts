import { describe, expect, it } from 'vitest'
import { validityOf } from '../sponsorshipPolicy.ts'
import { ask, policyOf, reasonOf } from '../testing/question.ts'
import { judgeTime } from './timeRule.ts'

const at = (time: string): number => Date.parse(time) / 1000

describe('the time of a policy', () => {
  const may = { startsAt: '2026-05-01T00:00:00Z', endsAt: '2026-06-01T00:00:00Z' }
  it.each([
    ['2026-04-30T23:59:59Z', 'policyNotInForce'],
    ['2026-05-01T00:00:00Z', 'passed'],
    ['2026-05-31T23:59:30Z', 'passed'],
    ['2026-05-31T23:59:31Z', 'policyNotInForce'],
    ['2026-06-01T00:00:00Z', 'policyNotInForce'],
  ])('at %s is judged by its first and last second: %s', (time, reason) => {
    expect(reasonOf(ask(judgeTime, may, { nowSeconds: at(time) }))).toBe(reason)
  })

  const office = { hours: [{ days: ['monday'], from: '09:00', to: '17:00' }] }
  it('is refused outside its hours, with when it opens next', () => {
    const closed = ask(judgeTime, office, { nowSeconds: at('2026-06-02T10:00:00Z') })
    expect(reasonOf(closed)).toBe('policyNotInForce')
    expect(closed.detail).toContain('try again at 2026-06-08T09:00:00.000Z')
    expect(reasonOf(ask(judgeTime, office, { nowSeconds: at('2026-06-01T10:00:00Z') }))).toBe('passed')
    expect(reasonOf(ask(judgeTime, office, { nowSeconds: at('2026-06-01T16:59:40Z') }))).toBe(
      'policyNotInForce',
    )
  })

  it('bounds what is signed: nothing outlives its hours', () => {
    const policy = policyOf(office)
    expect(validityOf(policy, at('2026-06-01T10:00:00Z'))).toBe(180)
    expect(validityOf(policy, at('2026-06-01T16:59:00Z'))).toBe(59)
  })
})
