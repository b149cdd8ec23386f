import { keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { stateOfPromise } from './promiseState.ts'

const userOpHash = keccak256('0x01')
const other = keccak256('0x02')
const seen = { userOpHash, latestBlock: 10n, head: 9n, nonceUse: undefined, isExcused: false }
const landed = (blockNumber: bigint, operationHash = userOpHash) => ({
  nonceUse: { operationHash, blockNumber },
})

describe('a promise', () => {
  it('is open until its block is there', () => {
    expect(stateOfPromise(seen)).toBe('open')
  })
  it('is broken once its block is there without the operation, and late when that lands afterwards', () => {
    expect(stateOfPromise({ ...seen, head: 10n })).toBe('broken')
    expect(stateOfPromise({ ...seen, head: 12n, ...landed(11n) })).toBe('late')
  })
  it('is kept by a landing in its last block', () => {
    expect(stateOfPromise({ ...seen, head: 30n, ...landed(10n) })).toBe('kept')
  })
  it('is void when the nonce went to another operation, and when the operation is spoilt', () => {
    expect(stateOfPromise({ ...seen, head: 30n, ...landed(30n, other) })).toBe('void')
    expect(stateOfPromise({ ...seen, head: 30n, isExcused: true })).toBe('void')
  })
  it('is kept by a landing, whatever was thought of the operation before', () => {
    expect(stateOfPromise({ ...seen, head: 30n, isExcused: true, ...landed(9n) })).toBe('kept')
  })
})
