// What a provider has accepted stays payable for an hour of blocks, whatever the payer does.
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../scripts/demo/actor.ts'
import { devnetStage } from '../support/devnet.ts'
import {
  castMarket,
  grantToColleague,
  landed,
  type MarketCast,
  pricePerSecondWei,
} from '../support/marketCast.ts'

const stage = devnetStage({ serving: false })
const hour = 3600

let cast: MarketCast
beforeAll(async () => {
  cast = await castMarket(stage)
})

const inOneHour = async () => Number((await stage.client.getBlock()).timestamp) + hour

describe('accepted vouchers', () => {
  it('are paid though the payer grants the budget away, revokes and closes, and holders share what is left', async () => {
    const { payer, colleague, provider, offers } = cast
    const { contracts } = stage.devnet
    const key = privateKeyToAccount(generatePrivateKey())
    const budgetWei = 200n * pricePerSecondWei
    const { args } = await waitForComputeEvent(payer.client, {
      contracts,
      hash: await payer.client.openSession({
        offerId: offers.serverless,
        budgetWei,
        expiresAtTimestamp: (await inOneHour()) + hour,
        signer: key.address,
      }),
      contract: 'serverlessSession',
      eventName: 'SessionOpened',
    })
    const { sessionId } = args
    const rootId = rootRightOf({ market: contracts.serverlessSession, agreementId: sessionId })
    const sign = (signer: typeof key | Actor['account'], rightId: bigint, units: bigint) => {
      const voucher = { sessionId, rightId, cumulativeWei: units * pricePerSecondWei, sequence: units, units }
      return signVoucher({ contracts, chainId: 103, signer, voucher })
    }
    const bySigner = await sign(key, rootId, 150n)
    expect(await provider.client.verifyVoucher({ signed: bySigner })).toMatchObject({ ok: true })

    const childId = await grantToColleague(stage, cast, {
      parentId: rootId,
      acts: ['use'],
      budgetWei,
      expiresAtTimestamp: await inOneHour(),
    })
    expect(await payer.client.getRight({ rightId: childId })).toMatchObject({ budgetWei, restWei: budgetWei })
    const accepted = [bySigner]
    const [tooMuch, enough] = await Promise.all([
      sign(colleague.account, childId, 51n),
      sign(colleague.account, childId, 50n),
    ])
    expect(await provider.client.verifyVoucher({ signed: tooMuch })).toMatchObject({ ok: true })
    expect(await provider.client.verifyVoucher({ signed: tooMuch, accepted })).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`Right ${rootId} has only ${50n * pricePerSecondWei} wei left`),
    })
    expect(await provider.client.verifyVoucher({ signed: enough, accepted })).toMatchObject({ ok: true })

    await landed(payer, payer.client.revokeRight({ rightId: childId }))
    await landed(payer, payer.client.closeSession({ sessionId }))
    await landed(provider, provider.client.redeemVouchers({ signed: [enough, bySigner] }))
    expect(await payer.client.getSession({ sessionId })).toMatchObject({ spentWei: budgetWei, restWei: 0n })
  })
})
