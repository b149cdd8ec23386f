// A policy that ends soon: what is signed by it ends with it.
import { decodePaymasterData } from '@worldland-aa/sdk/protocol/paymasterData'
import fc from 'fast-check'
import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { startPaymaster } from '../testing/startPaymaster.ts'
import { type Policy, validityOf } from './sponsorshipPolicy.ts'

let chain: Chain
beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain?.stop())

it('shortens a signature to its end', async () => {
  const endsAt = Math.floor(Date.now() / 1000) + 150
  const policy = welcomePolicy(chain, { validitySeconds: 300, endsAt: new Date(endsAt * 1000).toISOString() })
  const service = await startPaymaster(chain, { policies: { policies: [policy] } })
  try {
    const client = viemClient(chain, service.url, await newAccount(chain, 1n), 'client')
    const prepared = await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    const { paymasterData } = prepared as unknown as { paymasterData: Hex }
    expect(decodePaymasterData(paymasterData)?.terms.validUntil).toBe(endsAt - 1)
  } finally {
    await service.stop()
  }
})

it('never gives a validity that reaches its end', () => {
  const second = fc.integer({ min: 1, max: 10_000 })
  fc.assert(
    fc.property(second, second, second, (validitySeconds, nowSeconds, left) => {
      const policy = { validitySeconds, endsAt: nowSeconds + left } as Policy
      expect(nowSeconds + validityOf(policy, nowSeconds)).toBe(
        Math.min(nowSeconds + validitySeconds, nowSeconds + left - 1),
      )
    }),
  )
})
