import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  hashOf,
  landingOf,
  openTestMempool,
  operationOf,
  type TestMempool,
  testBlock,
} from '../testing/openMempool.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'

const refusal = { code: rejectionCode.entryPoint, message: 'AA23 reverted' }
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
})
afterEach(async () => await pool.close())

async function drop(operations: readonly ValidatedOperation[], atBlock?: bigint): Promise<void> {
  await Promise.all(operations.map(one => pool.accepted(one)))
  await Promise.all(operations.map(one => pool.mempool.drop(hashOf(one), refusal, atBlock)))
}

async function lookAt(number: bigint): Promise<void> {
  const head = testBlock(number)
  await pool.mempool.onChainUpdate({ head, added: [head], removed: [] } satisfies ChainUpdate)
}

async function known(operations: readonly ValidatedOperation[]): Promise<readonly boolean[]> {
  return await Promise.all(operations.map(async one => (await pool.mempool.find(hashOf(one))) !== undefined))
}

it('of operations that came to nothing only the newest are kept on the disk', async () => {
  await pool.restart({ maxDroppedRemembered: 3 })
  const all = Array.from({ length: 600 }, (_, account) => operationOf(account))
  await drop(all)
  await lookAt(200n)
  expect(await known(all)).toEqual(all.map((_, index) => index >= 597))
  expect(await pool.mempool.find(hashOf(all.at(-1) as ValidatedOperation))).toMatchObject({
    state: 'dropped',
    refusal,
  })
})

it('no operation that waits or has landed is forgotten, nor one that a reorg may bring back', async () => {
  await pool.restart({ maxDroppedRemembered: 1 })
  const waiting = operationOf(1)
  const landed = operationOf(2)
  const recent = operationOf(3)
  const old = operationOf(4)
  const newest = operationOf(5)
  await pool.accepted(waiting, landed)
  await pool.landed([landingOf(landed)])
  await drop([recent], 150n)
  await drop([old], 10n)
  await drop([newest])
  await lookAt(200n)
  expect(await known([waiting, landed, recent, old, newest])).toEqual([true, true, true, false, true])
  await pool.lost([], 150n)
  expect(pool.mempool.get(hashOf(recent))?.state).toBe('pending')
  await lookAt(400n)
  expect(await known([waiting, landed, recent, newest])).toEqual([true, true, true, true])
})
