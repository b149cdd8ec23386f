import { toHex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Commits, type Database, openBundlerDatabase } from '../database.ts'
import { createInclusionStore } from '../receipt/inclusionStore.ts'
import { numberedAddress, validatedOperation } from '../testing/validated.ts'
import {
  findOperations,
  findWaitingOperations,
  hasLanded,
  insertOperation,
  setOperationDropped,
  setOperationState,
} from './operationStore.ts'

const sender = numberedAddress(1)
const validated = validatedOperation({ sender, nonce: 7n })
const { userOperationHash } = validated
let database: Database
let commits: Commits

beforeEach(async () => {
  ;({ database, commits } = await openBundlerDatabase(':memory:'))
})
afterEach(() => database.destroy())

const insert = (arrival: number) =>
  commits.commit(transaction => insertOperation(transaction, { validated, arrival, addedAtBlock: 5n }))

describe('the row of an operation', () => {
  it('waits as it was written', async () => {
    await insert(3)
    expect(await findWaitingOperations(database)).toEqual([
      { validated, state: 'waiting', arrival: 3, addedAtBlock: 5n },
    ])
  })

  it('waits anew, without its refusal, where it was dropped and comes again', async () => {
    await insert(3)
    const refusal = { code: -32500, message: 'expired' }
    await commits.commit(transaction => setOperationDropped(transaction, userOperationHash, refusal))
    expect(await findOperations(database, [userOperationHash])).toMatchObject([{ state: 'dropped', refusal }])
    await insert(4)
    expect(await findOperations(database, [userOperationHash])).toEqual([
      { validated, state: 'waiting', arrival: 4, addedAtBlock: 5n },
    ])
  })

  it('has landed only where it is held for landed and stands in a block that is taken in', async () => {
    const inclusions = createInclusionStore({ database, commits })
    const inclusion = {
      operationHash: userOperationHash,
      blockHash: toHex(9, { size: 32 }),
      blockNumber: 9n,
      transactionHash: toHex(10, { size: 32 }),
      sender,
      paymaster: undefined,
      nonce: 7n,
      success: true,
      actualGasCostWei: 1n,
      actualGasUsed: 1n,
    }
    expect(await hasLanded(database, userOperationHash)).toBe(false)
    await insert(3)
    await inclusions.apply({ removed: [], added: [inclusion] })
    expect(await hasLanded(database, userOperationHash)).toBe(false)
    await commits.commit(transaction => setOperationState(transaction, [userOperationHash], 'landed'))
    expect(await hasLanded(database, userOperationHash)).toBe(true)
    await inclusions.apply({ removed: [inclusion], added: [] })
    expect(await hasLanded(database, userOperationHash)).toBe(false)
  })
})
