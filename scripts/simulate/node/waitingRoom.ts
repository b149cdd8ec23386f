// A bundler's mempool, as far as the model needs it: the node's own pool, or the whole of its mempool with a database.
import { createPool, type Entry } from '@worldland-aa/bundler/mempool/pool'
import type { Hash } from 'viem'
import type { Operation } from '../operations.ts'

export type Waiting = { readonly operation: Operation; readonly knownSinceHeight: number }

export type WaitingRoom = {
  has(operation: Operation): boolean
  held(): Iterable<Operation>
  take(operation: Operation, knownSinceHeight: number): Promise<void>
  landed(operations: readonly Operation[]): Promise<void>
  submitted(operations: readonly Operation[], transaction: number): void
  released(operations: readonly Operation[]): void
  /** May go into a bundle now, best paying first. */
  candidates(baseFeeWei: bigint): Iterable<Waiting>
  close(): Promise<void>
}

export type OperationOf = (hash: Hash) => Operation

export function createPoolRoom(operationOf: OperationOf): WaitingRoom {
  const pool = createPool()
  let arrivals = 0

  function entriesOf(operations: readonly Operation[]): readonly Entry[] {
    return operations.flatMap(({ validated }) => pool.get(validated.userOperationHash) ?? [])
  }

  return {
    has: ({ validated }) => pool.get(validated.userOperationHash) !== undefined,
    *held() {
      for (const { validated } of pool.entries()) yield operationOf(validated.userOperationHash)
    },
    async take({ validated }, knownSinceHeight) {
      const addedAtBlock = BigInt(knownSinceHeight)
      pool.insert({ validated, addedAtBlock, arrival: ++arrivals, stored: true })
    },
    async landed(operations) {
      for (const entry of entriesOf(operations)) {
        const { lane, sequence } = entry
        if (lane.nextSequence <= sequence) lane.nextSequence = sequence + 1n
        pool.remove(entry)
      }
    },
    submitted(operations, transaction) {
      for (const entry of entriesOf(operations)) pool.markSubmitted(entry, transactionHash(transaction))
    },
    released(operations) {
      for (const entry of entriesOf(operations)) pool.markPending(entry)
    },
    *candidates(baseFeeWei) {
      for (const { validated, addedAtBlock } of pool.candidates(baseFeeWei)) {
        yield { operation: operationOf(validated.userOperationHash), knownSinceHeight: Number(addedAtBlock) }
      }
    },
    async close() {},
  }
}

export function transactionHash(number: number): Hash {
  return `0x${number.toString(16).padStart(64, '0')}`
}
