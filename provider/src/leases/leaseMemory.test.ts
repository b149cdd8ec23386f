// What a lease leaves behind in memory for another that a reorg gave its number: nothing that would decide for it.
import { expect, it } from 'vitest'
import { confirmRequest, newLeaseMemory } from './leaseMemory.ts'
import type { LeaseRequest } from './requests.ts'

const requestOf = (terms: LeaseRequest['terms']): LeaseRequest => ({
  ...{ terms, frozenTerms: '' },
  opened: { ok: true, request: {}, accessPublicKey: undefined },
})

function remembered() {
  return Object.assign(confirmRequest(newLeaseMemory(), requestOf('0xaa')), {
    verdict: 'taken' as const,
    preparation: 'done' as const,
    failedStarts: { count: 5, reason: 'its machine exits again and again (code 1)' },
    pauses: 2,
    mayPause: false,
  })
}

it('gives another lease of the number neither the image that was checked for the first nor its crashes', () => {
  expect(confirmRequest(remembered(), requestOf('0xbb'))).toMatchObject({
    verdict: 'open',
    preparation: 'none',
    failedStarts: { count: 0 },
    mayPause: true,
  })
})

it('tells the pauses of another lease from those of the first', () => {
  expect(confirmRequest(remembered(), requestOf('0xbb')).pauses).toBe(2)
})

it('does not hear of what ends later for the first lease', () => {
  const first = Object.assign(remembered(), { preparation: 'underWay' as const })
  const second = confirmRequest(first, requestOf('0xbb'))
  Object.assign(first, { preparation: 'done', verdict: 'taken' })
  expect(second).toMatchObject({ preparation: 'none', verdict: 'open' })
})

it('keeps all but the verdict of a lease that is still the same after a reorg', () => {
  const memory = remembered()
  expect(confirmRequest(memory, requestOf('0xaa'))).toBe(memory)
  expect(memory).toMatchObject({ verdict: 'open', preparation: 'done', failedStarts: { count: 5 } })
})
