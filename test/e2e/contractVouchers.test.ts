// Vouchers of contracts: what a contract says of its own signature counts where it is paid for.
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import type { Address } from 'viem'
import { expect, it } from 'vitest'
import { deployCostlySigner, deployTwoFacedSigner } from '../support/bareSigners.ts'
import { endpointId, type OpenedSession, pricePerSecondWei } from '../support/paymentStage.ts'
import { voucherHeader, voucherScene } from '../support/voucherScene.ts'

const budgetWei = 100n * pricePerSecondWei
const scene = voucherScene()

const openSession = (signer: Address, seconds: number) => scene.openSession({ budgetWei, signer, seconds })

/** Whatever is signed, the contract takes it for its own. */
const sign = (session: OpenedSession, signer: Address, seconds: bigint) =>
  scene.sign(session, { signer, seconds })

async function ask(headers: Record<string, string>) {
  const response = await fetch(`${scene.server.url}/v2/${endpointId}/runsync`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ input: { numbers: [1] } }),
  })
  const { error = '' } = (await response.json()) as { error?: string }
  return { status: response.status, says: error, token: response.headers.get(voucherHeaders.laneToken) ?? '' }
}
const pay = (signed: SignedVoucher) => ask(voucherHeader(signed))

async function newBlock(): Promise<void> {
  await scene.stage.mine(1)
  await scene.server.poll()
}

const inSession = () => ({ address: scene.stage.contracts.serverlessSession, abi: serverlessSessionAbi })

/** How often a voucher of it was in a transaction and not paid. */
async function landedInVain({ sessionId }: OpenedSession): Promise<number> {
  const filter = { eventName: 'VoucherRefused', args: { sessionId }, fromBlock: 0n } as const
  return (await scene.stage.chain.client.getContractEvents({ ...inSession(), ...filter })).length
}

it('Attack: a contract takes a signature in a trial and not in a transaction: it is served no more after the first that lands, sent no more after the third, and keeps no session open', async () => {
  const signer = await deployTwoFacedSigner(scene.stage.chain)
  const session = await openSession(signer, 900)
  const { status, token } = await pay(await sign(session, signer, 30n))
  expect(status).toBe(200)
  await expect
    .poll(async () => {
      await newBlock()
      return await landedInVain(session)
    })
    .toBeGreaterThan(0)
  const refused = { status: 403, says: expect.stringContaining('did not pay') }
  await expect
    .poll(async () => {
      await newBlock()
      return await ask({ [voucherHeaders.laneToken]: token })
    })
    .toMatchObject(refused)
  expect(await pay(await sign(session, signer, 60n))).toMatchObject(refused)
  const other = await openSession(signer, 900)
  expect(await pay(await sign(other, signer, 30n))).toMatchObject(refused)
  await expect
    .poll(async () => {
      await newBlock()
      return await landedInVain(session)
    })
    .toBe(3)
  await scene.stage.chain.anvil.client.increaseTime({ seconds: 1_000 })
  await expect
    .poll(async () => {
      await scene.stage.mine(10)
      await scene.server.poll()
      return await scene.stage.chain.client.readContract({
        ...{ ...inSession(), functionName: 'sessionOf', args: [session.sessionId] },
      })
    })
    .toMatchObject({ state: 3, spentWei: 0n })
  expect(await landedInVain(session)).toBe(3)
  expect(await scene.server.metrics()).toMatch(/^provider_payment_redeemed_wei_total 0$/m)
  expect(await scene.server.metrics()).toMatch(/^provider_payment_redemptions_refused_total 3$/m)
})

it('a voucher of a contract that takes as much gas as a passkey is paid at the end of its session too', async () => {
  const signer = await deployCostlySigner(scene.stage.chain, 290_000)
  // From the first block on it is near its end.
  const session = await openSession(signer, 590)
  expect(await pay(await sign(session, signer, 30n))).toMatchObject({ status: 200 })
  await expect
    .poll(async () => {
      await newBlock()
      return await scene.stage.redeemedWei(session)
    })
    .toBe(30n * pricePerSecondWei)
  expect(await landedInVain(session)).toBe(0)
})
