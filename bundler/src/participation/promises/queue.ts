// What this node has promised and has yet to land: how much room it takes, and what it touches.
import type { Hash } from 'viem'
import { type Company, createCompany } from '../../bundling/company.ts'
import type { CostOf } from '../../bundling/operationCost.ts'
import type { ValidatedOperation } from '../../validation/validatedOperation.ts'

/** What a block takes of this node's operations, in one bundle. */
export type BlockRoom = { readonly gas: bigint; readonly bytes: bigint }

export type PromiseQueue = {
  /** How many such blocks all of it fills, with one more behind; undefined where that one fits in none. */
  blocksWith(last: ValidatedOperation, room: BlockRoom): number | undefined
  add(validated: ValidatedOperation, latestBlock: bigint): void
  delete(hash: Hash): void
  /** Block until which it must land. */
  deadlineOf(hash: Hash): bigint | undefined
  conflicts(validated: ValidatedOperation): boolean
  size(): number
}

export function createPromiseQueue(costOf: CostOf): PromiseQueue {
  const queued = new Map<Hash, { readonly validated: ValidatedOperation; readonly latestBlock: bigint }>()
  /** Made when it is asked for: nobody leaves a company. */
  let company: Company | undefined

  return {
    blocksWith(last, room) {
      // As many as the bundles that will be built, or more: these look further for what still fits in.
      let blocks = 1
      let [gasLeft, bytesLeft] = [room.gas, room.bytes]
      for (const { validated } of [...queued.values(), { validated: last }]) {
        const cost = costOf(validated)
        const [gas, bytes] = [cost.gasLimit, BigInt(cost.bytes)]
        if (gas > gasLeft || bytes > bytesLeft) {
          if (gas > room.gas || bytes > room.bytes) return undefined
          blocks++
          gasLeft = room.gas
          bytesLeft = room.bytes
        }
        gasLeft -= gas
        bytesLeft -= bytes
      }
      return blocks
    },
    add(validated, latestBlock) {
      queued.set(validated.userOperationHash, { validated, latestBlock })
      company?.add(validated)
    },
    delete(hash) {
      if (queued.delete(hash)) company = undefined
    },
    deadlineOf: hash => queued.get(hash)?.latestBlock,
    conflicts(validated) {
      company ??= createCompany([...queued.values()].map(one => one.validated))
      return company.conflicts(validated)
    },
    size: () => queued.size,
  }
}
