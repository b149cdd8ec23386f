// The same operation sent again: with its signature it is in already, with another it has to be judged, and pays for nothing.
import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { accept } from '@worldland-aa/service/result'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import { openTestMempool, operationOf, type TestMempool, testBlock } from '../testing/openMempool.ts'
import { validatedOperation } from '../testing/validated.ts'
import { createTurns } from '../turns/turns.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { eth_sendUserOperation } from './eth_sendUserOperation.ts'

const { canonicalAddress: entryPoint } = entryPoint07
let pool: TestMempool

beforeEach(async () => {
  pool = await openTestMempool()
})
afterEach(async () => await pool.close())

/** Of an account that takes any signature, each of which costs so much to judge. */
function door(millisecondsEach: number) {
  const spent = new WeakMap<UserOperation, number>()
  let judged = 0
  const send = eth_sendUserOperation({
    chain: { head: () => testBlock(1n), poll: async () => undefined, shortfall: () => undefined },
    validation: {
      async validate(userOperation) {
        judged++
        spent.set(userOperation, millisecondsEach)
        return accept(validatedOperation(userOperation))
      },
      untouched: async () => [],
      revalidate: async validated => accept(validated),
    },
    mempool: pool.mempool,
    turns: createTurns({
      workplace: {
        count: 1,
        placeOf: () => 0,
        windowMilliseconds: 64,
        spentOn: userOperation => spent.get(userOperation) ?? 0,
      },
      unpaidTime: createRateLimiter({ perSecond: 100, burstSeconds: 1, clock: { now: () => 0 } }),
    }),
    entryPoint,
    version: entryPoint07,
    chainId: 103,
  })
  const context = { caller: '203.0.113.9', signal: new AbortController().signal }
  return {
    judged: () => judged,
    async send(signature: `0x${string}`) {
      const { userOperation } = operationOf(1, { signature })
      return await send([formatUserOperationRequest(userOperation), entryPoint], context)
    },
  }
}

it('is judged once with its own signature, and at its sender’s expense with every other', async () => {
  const { send, judged } = door(400)
  const first = await send('0x01')
  expect(first.ok).toBe(true)
  expect(await send('0x01')).toEqual(first)
  expect(judged()).toBe(1)
  expect(await send('0x02')).toEqual(first)
  expect(await send('0x03')).toMatchObject({ refusal: { code: -32005 } })
  expect(judged()).toBe(2)
})
