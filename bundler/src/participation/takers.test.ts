import { createLogger } from '@worldland-aa/service/logger'
import { type Hash, numberToHex } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import { createSchedule } from './schedule/schedule.ts'
import { createTakers, type Landed, type Takers } from './takers.ts'

const terms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }
/** Nobody leads before block 256. */
const leaders = Array.from({ length: 64 }, (_, window) => 1 + (window % 3))
const schedule = createSchedule(terms, epoch => (epoch === 0n ? undefined : { epoch, leaders }))
const start = 300n
let signed: Set<Hash>
let taken: Landed[]
let takers: Takers

beforeEach(() => {
  signed = new Set()
  taken = []
  takers = createTakers({
    schedule,
    isSignedFor: hash => signed.has(hash),
    onTaken: landed => taken.push(landed),
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
})

function landing(number: number, blockNumber: bigint): Landed {
  const hash = numberToHex(number, { size: 32 })
  return { operationHash: hash, transactionHash: hash, blockNumber }
}

function runTo(first: bigint, last: bigint): void {
  for (let head = first; head <= last; head++) takers.onBlock(head)
}

describe('an operation that waited here, and lands', () => {
  it('was taken where nobody who leads has signed for it some blocks later', () => {
    takers.onBlock(start)
    const theft = landing(1, start + 20n)
    takers.landed([theft])
    runTo(start + 1n, start + 23n)
    expect(taken).toEqual([])
    takers.onBlock(start + 24n)
    expect(taken).toEqual([theft])
    expect(takers.isContested(start + 24n)).toBe(true)
  })

  it('was not taken where the word of it came late, nor by this node', () => {
    takers.onBlock(start)
    const [late, own] = [landing(1, start + 20n), landing(2, start + 20n)]
    takers.sent(own.transactionHash)
    takers.landed([late, own])
    runTo(start + 1n, start + 22n)
    signed.add(late.transactionHash)
    runTo(start + 23n, start + 40n)
    expect(taken).toEqual([])
    expect(takers.isContested(start + 40n)).toBe(false)
  })

  it('tells nothing where nobody led, nor of what was said before this node was there', () => {
    takers.onBlock(240n)
    takers.landed([landing(1, 254n), landing(2, 257n)])
    runTo(241n, start)
    takers.landed([landing(3, 246n)])
    runTo(start + 1n, start + 8n)
    expect(taken).toEqual([])
  })
})

describe('a contest', () => {
  it('lasts half a day after the last that was taken', () => {
    takers.onBlock(start)
    const [one, other] = [landing(1, start + 20n), landing(2, start + 50n)]
    takers.landed([one, other])
    runTo(start + 1n, start + 60n)
    expect(takers.isContested(other.blockNumber + 4_095n)).toBe(true)
    expect(takers.isContested(other.blockNumber + 4_096n)).toBe(false)
  })
})
