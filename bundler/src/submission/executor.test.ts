import fc from 'fast-check'
import { keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { numberedAddress } from '../testing/validated.ts'
import { createExecutor, firstFreeNonce, openSlots, unpromisedWei } from './executor.ts'
import type { NonceSlot } from './nonceSlot.ts'

function slot(
  nonce: number,
  state: 'open' | 'mined' = 'open',
  fees = { maxFeePerGas: 3n, maxPriorityFeePerGas: 1n },
): NonceSlot {
  return {
    executor: numberedAddress(1),
    nonce,
    openedAtBlock: 0n,
    state,
    operations: [],
    attempts: [
      {
        hash: keccak256('0x01'),
        kind: 'bundle',
        signed: '0x',
        operations: [],
        gasLimit: 100n,
        fees,
        signedAtBlock: 0n,
      },
    ],
    underpriced: false,
    unexplainedBlocks: 0,
  }
}
function executorWith(chainNonce: number, slots: readonly NonceSlot[], balanceWei = 0n) {
  const executor = createExecutor(numberedAddress(1), undefined)
  for (const one of slots) executor.slots.set(one.nonce, one)
  return Object.assign(executor, { chainNonce, balanceWei })
}

describe('the nonces of an executor', () => {
  it('are dealt out from the chain’s on, a gap first, for nothing behind a gap can land', () => {
    expect(firstFreeNonce(executorWith(5, []))).toBe(5)
    expect(firstFreeNonce(executorWith(5, [slot(5), slot(6)]))).toBe(7)
    expect(firstFreeNonce(executorWith(5, [slot(6), slot(7)]))).toBe(5)
    fc.assert(
      fc.property(fc.nat(20), fc.uniqueArray(fc.nat(20)), (chainNonce, used) => {
        const free = firstFreeNonce(
          executorWith(
            chainNonce,
            used.map(nonce => slot(nonce)),
          ),
        )
        expect(free).toBeGreaterThanOrEqual(chainNonce)
        expect(used).not.toContain(free)
        for (let nonce = chainNonce; nonce < free; nonce++) expect(used).toContain(nonce)
      }),
    )
  })

  it('are not dealt out twice when a node that lags behind forgets what was mined', () => {
    expect(firstFreeNonce(executorWith(3, [slot(3, 'mined'), slot(4, 'mined'), slot(5)]))).toBe(6)
  })
})

describe('the coins of an executor', () => {
  it('are promised to every transaction on the way at its highest price, but not to the one that is replaced', () => {
    const first = slot(1)
    const executor = executorWith(1, [first, slot(2), slot(0, 'mined')], 1_000n)
    expect(unpromisedWei(executor)).toBe(400n)
    expect(unpromisedWei(executor, first)).toBe(700n)
    expect(openSlots(executor).map(({ nonce }) => nonce)).toEqual([1, 2])
  })
})

describe('work on an executor', () => {
  it('is done one after the other, also after a failure', async () => {
    const executor = executorWith(0, [])
    const order: string[] = []
    const slow = executor.exclusively(async () => {
      await new Promise(setImmediate)
      order.push('first')
      throw new Error('failed')
    })
    const next = executor.exclusively(async () => void order.push('second'))
    await expect(slow).rejects.toThrow('failed')
    await next
    expect(order).toEqual(['first', 'second'])
  })
})
