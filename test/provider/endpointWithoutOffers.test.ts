// A daemon that has just begun does not know yet which offers of its are on the chain. Whoever pays meanwhile is told to come
// again, not that the session is a wrong one.
import { createPayingFetch } from '@worldland-aa/sdk/serving/payingFetch'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  chainId,
  endpointId,
  type PaidServer,
  type PaymentStage,
  pricePerSecondWei,
  startPaidServer,
  startPaymentStage,
} from '../support/paymentStage.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: PaymentStage

beforeAll(async () => {
  stage = await startPaymentStage()
})
afterAll(() => stage?.stop())

async function ask(offerIds: readonly bigint[], fetch: typeof globalThis.fetch): Promise<Response> {
  const server: PaidServer = await startPaidServer(stage, { folder: subfolder(folder), offerIds })
  try {
    const body = JSON.stringify({ input: { numbers: [1, 2] } })
    return await fetch(`${server.url}/v2/${endpointId}/runsync`, { method: 'POST', body })
  } finally {
    await server.stop()
  }
}

it('is for nobody until its offers are known, and tells nobody that to pay is in vain', async () => {
  const budgetWei = parseEther('0.1')
  const { sessionId, payer } = await stage.openSession({ budgetWei })
  const session = { sessionId, pricePerSecondWei, budgetWei }
  const pays = createPayingFetch({ contracts: stage.contracts, chainId, signer: payer, sessions: [session] })
  try {
    for (const fetch of [globalThis.fetch, pays as typeof globalThis.fetch]) {
      const early = await ask([], fetch)
      expect(early.status).toBe(503)
      expect(early.headers.get('retry-after')).toBe('5')
      expect(await early.json()).toEqual({ error: expect.stringContaining('try again in a few seconds') })
    }
    expect((await ask([stage.offerId], pays as typeof globalThis.fetch)).status).toBe(200)
  } finally {
    pays.stop()
  }
})

it('refuses for good, where its offers are known, a session of another', async () => {
  const { sessionId, payer } = await stage.openSession({
    ...{ budgetWei: parseEther('0.1'), offerId: await stage.postOffer() },
  })
  const session = { sessionId, pricePerSecondWei, budgetWei: parseEther('0.1') }
  const pays = createPayingFetch({ contracts: stage.contracts, chainId, signer: payer, sessions: [session] })
  try {
    expect((await ask([stage.offerId], pays as typeof globalThis.fetch)).status).toBe(403)
  } finally {
    pays.stop()
  }
})
