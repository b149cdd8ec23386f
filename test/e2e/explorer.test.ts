// The paymaster's explorer on the devnet: a sponsored rental is found by its hash, with its lease, as the bundler sees it.

import type { OperationDetail } from '@worldland-aa/paymaster/admin/operations/schema'
import { describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { castMarket } from '../support/marketCast.ts'

const stage = devnetStage({ serving: false })

/** A viewer of the console, signed in by the devnet's link. */
async function signIn(): Promise<(path: string) => Promise<unknown>> {
  const link = new URL(await stage.devnet.consoleLink('viewer'))
  const answered = await fetch(`${link.origin}/api/v1/session/link`, {
    method: 'POST',
    headers: { origin: link.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: link.hash.slice(1) }),
  })
  expect(answered.status).toBe(200)
  const cookie = answered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return async path => await (await fetch(`${link.origin}/api/v1${path}`, { headers: { cookie } })).json()
}

describe('the explorer on the devnet', () => {
  it('joins a sponsored rental to the lease that it opened, and to what the bundler says', async () => {
    const ask = await signIn()
    const { payer, provider, offers } = await castMarket(stage)
    const hash = await payer.client.rentInstance({ offerId: offers.instance, seconds: 600 })
    const { leaseId } = await payer.client.waitForRental({ hash })
    const found = await eventually(
      'the rental is shown with what it cost',
      async () => (await ask(`/operations/${hash}`)) as Partial<OperationDetail>,
      (seen): seen is OperationDetail => typeof seen.operation?.actualCostWei === 'string',
    )
    expect(found.operation).toMatchObject({ outcome: 'granted', sender: payer.address, succeeded: true })
    expect(found.receipt.marketEvents).toContainEqual({
      kind: 'lease',
      contract: stage.devnet.contracts.instanceLease,
      event: 'LeaseOpened',
      leaseId: String(leaseId),
      sessionId: null,
      provider: provider.address,
    })
    expect(found.bundler).toMatchObject({ connection: 'connected', receipt: { success: true } })
  })
})
