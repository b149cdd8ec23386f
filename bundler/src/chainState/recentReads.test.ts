import { numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { numberedAddress } from '../testing/validated.ts'
import { Needs } from './needs.ts'
import { RecentReads } from './recentReads.ts'

const slot = (number: number) => numberToHex(number, { size: 32 })

/** A contract with so many slots, itself the first part. */
function needsOf(contract: number, slots: number): Needs {
  const needs = new Needs()
  needs.accounts.add(numberedAddress(contract))
  for (let number = 1; number < slots; number++) needs.addSlot(numberedAddress(contract), slot(number))
  return needs
}

const sizes = (questions: readonly Needs[]): number[] => questions.map(({ size }) => size)

describe('what was read lately', () => {
  it('is asked for at each of the next sixteen blocks, and then no more', () => {
    const recent = new RecentReads(100)
    recent.add(needsOf(1, 3))
    for (let block = 0; block < 16; block++) expect(sizes(recent.next())).toEqual([3])
    expect(sizes(recent.next())).toEqual([0])
  })

  it('is asked for once, however often it was read', () => {
    const recent = new RecentReads(100)
    recent.add(needsOf(1, 3))
    recent.add(needsOf(1, 5))
    recent.next()
    recent.add(needsOf(1, 4))
    expect(sizes(recent.next())).toEqual([5])
  })

  it('is kept to its bound, the latest of it', () => {
    const recent = new RecentReads(10)
    recent.add(needsOf(1, 8))
    recent.next()
    recent.add(needsOf(2, 8))
    const [question] = recent.next()
    expect(question?.accounts).toEqual(new Set([numberedAddress(2), numberedAddress(1)]))
    expect(question?.slots.get(numberedAddress(2))?.size).toBe(7)
    expect(question?.size).toBe(10)
  })

  it('goes in questions that a node answers within its gas limit, the latest first', () => {
    const recent = new RecentReads(9_000)
    recent.add(needsOf(1, 7_000))
    recent.next()
    recent.add(needsOf(2, 3_000))
    const questions = recent.next()
    expect(sizes(questions)).toEqual([4_000, 4_000, 1_000])
    expect(questions[0]?.slots.get(numberedAddress(2))?.size).toBe(2_999)
  })

  it('leaves out the hashes of blocks, which are of the past', () => {
    const recent = new RecentReads(10)
    const needs = needsOf(1, 1)
    needs.blockHashes.add(7n)
    needs.nonces.add(numberedAddress(1))
    recent.add(needs)
    const [question] = recent.next()
    expect(question?.blockHashes.size).toBe(0)
    expect(question?.nonces).toEqual(new Set([numberedAddress(1)]))
  })
})
