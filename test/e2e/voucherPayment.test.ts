// Paying per request by vouchers: the unmodified x402 client against a real server, on a real chain.
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { redeemVoucher } from '@worldland-aa/sdk/provider/redeemVoucher'
import { createPayingFetch } from '@worldland-aa/sdk/serving/payingFetch'
import type { VoucherStore } from '@worldland-aa/sdk/serving/voucherPayer'
import { createVoucherScheme } from '@worldland-aa/sdk/serving/voucherScheme'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { describe, expect, it } from 'vitest'
import { chainId, endpointId, type OpenedSession, pricePerSecondWei } from '../support/paymentStage.ts'
import { voucherScene } from '../support/voucherScene.ts'

const scene = voucherScene()
const { openSession } = scene

const sums = (milliseconds = 0) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ input: { numbers: [1, 2, 3], milliseconds } }),
})
const runsync = () => `${scene.server.url}/v2/${endpointId}/runsync`
/** As the ledger's view says it. */
const wei = (seconds: number) => ((BigInt(seconds * 10) * pricePerSecondWei) / 10n).toString()
const lanesOf = (session: OpenedSession) =>
  scene.server.payments.lanes().filter(({ sessionId }) => sessionId === session.sessionId.toString())

function payingBy(session: OpenedSession, budgetWei = 5_000n * pricePerSecondWei, store?: VoucherStore) {
  const { contracts } = scene.stage
  return createVoucherScheme({
    ...{ contracts, chainId, signer: session.payer },
    sessions: [{ sessionId: session.sessionId, pricePerSecondWei, budgetWei }],
    store,
  })
}

describe('the unmodified x402 client', () => {
  it('pays for what it uses, and by its lane token signs only when more is needed', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const paying = payingBy(session)
    const paid = wrapFetchWithPaymentFromConfig(paying.fetch, paying.config)
    for (let i = 0; i < 5; i++) {
      const response = await paid(runsync(), sums(2_500))
      expect(await response.json()).toMatchObject({ output: { sum: 6 } })
    }
    const [lane] = lanesOf(session)
    // Five jobs of 2.5 s, and the reserve of ten seconds that the last one needed beyond the four before.
    expect(lane).toMatchObject({ owedWei: wei(12.5), signedWei: wei(20), usedMilliseconds: '12500' })
  })

  it('pays with any fetch, though it must show each time who it is', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const paid = wrapFetchWithPaymentFromConfig(fetch, payingBy(session).config)
    for (let i = 0; i < 4; i++) expect((await paid(runsync(), sums(1_000))).status).toBe(200)
    expect(lanesOf(session)).toMatchObject([{ owedWei: wei(4) }])
  })

  it('goes on from its own last voucher where it has lost its amount', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const before = payingBy(session)
    await wrapFetchWithPaymentFromConfig(before.fetch, before.config)(runsync(), sums(7_000))
    const after = payingBy(session)
    const response = await wrapFetchWithPaymentFromConfig(after.fetch, after.config)(runsync(), sums(1_000))
    expect(response.status).toBe(200)
    expect(lanesOf(session)).toMatchObject([{ owedWei: wei(8), signedWei: wei(17) }])
  })

  it('goes on also where what it signed last, and more than it remembers, was redeemed', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const record: SignedVoucher[] = []
    const before = payingBy(session, undefined, {
      load: async () => undefined,
      save: async (_, signed) => void record.push(signed),
    })
    await wrapFetchWithPaymentFromConfig(before.fetch, before.config)(runsync(), sums(7_000))
    const signed = record.at(-1) as SignedVoucher
    const [call] = redeemVoucher.calls({ contracts: scene.stage.contracts, signed })
    await scene.stage.chain.client.waitForTransactionReceipt({
      hash: await scene.stage.chain.wallet.sendTransaction({ ...call }),
    })
    await scene.server.poll()
    const after = payingBy(session)
    const response = await wrapFetchWithPaymentFromConfig(after.fetch, after.config)(runsync(), sums(1_000))
    expect(response.status).toBe(200)
    expect(lanesOf(session)).toMatchObject([{ owedWei: wei(8), signedWei: wei(17) }])
  })

  it('pays for twenty requests at once, each by a voucher of its own', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const paying = payingBy(session)
    const paid = wrapFetchWithPaymentFromConfig(paying.fetch, paying.config)
    const answers = await Promise.all(Array.from({ length: 20 }, () => paid(runsync(), sums(1_000))))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(lanesOf(session)).toMatchObject([{ owedWei: wei(20) }])
  })

  it('shows the free routes too who it is, and pays the least there is', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const paying = payingBy(session)
    const paid = wrapFetchWithPaymentFromConfig(paying.fetch, paying.config)
    await paid(runsync(), sums(1_000))
    const [before] = lanesOf(session)
    const response = await wrapFetchWithPaymentFromConfig(
      fetch,
      paying.config,
    )(`${scene.server.url}/v2/${endpointId}/status`)
    expect(await response.json()).toEqual({ lane: `${session.sessionId}:${session.rightId}` })
    const [after] = lanesOf(session)
    expect(BigInt(after?.signedWei ?? 0) - BigInt(before?.signedWei ?? 0)).toBe(1n)
  })

  it('is refused by its own spend controls where the token is not allowed, or one request asks too much', async () => {
    const session = await openSession({ budgetWei: 5_000n * pricePerSecondWei })
    const { config } = payingBy(session)
    const bare = wrapFetchWithPaymentFromConfig(fetch, { schemes: config.schemes })
    await expect(bare(runsync(), sums())).rejects.toThrow('spendControls')
    const capped = createVoucherScheme({
      ...{ contracts: scene.stage.contracts, chainId, signer: session.payer },
      sessions: [{ sessionId: session.sessionId, pricePerSecondWei, budgetWei: 5_000n * pricePerSecondWei }],
      maximumRaiseWei: 9n * pricePerSecondWei,
    })
    await expect(wrapFetchWithPaymentFromConfig(fetch, capped.config)(runsync(), sums())).rejects.toThrow(
      'maxAmountPerPayment',
    )
  })
})

describe('a fetch that pays by itself', () => {
  it('goes on with another session where the one it paid from has ended', async () => {
    const budgetWei = 5_000n * pricePerSecondWei
    const first = await openSession({ budgetWei })
    const second = await openSession({ budgetWei, payer: first.payer })
    const paid = createPayingFetch({
      ...{ contracts: scene.stage.contracts, chainId, signer: first.payer },
      sessions: [first, second].map(({ sessionId }) => ({ sessionId, pricePerSecondWei, budgetWei })),
    })
    expect((await paid(runsync(), sums(1_000))).status).toBe(200)
    expect(lanesOf(first)).toMatchObject([{ owedWei: wei(1) }])
    await scene.stage.write(first.payer, {
      ...{ address: scene.stage.contracts.serverlessSession, abi: serverlessSessionAbi },
      ...{ functionName: 'close', args: [first.sessionId] },
    })
    await scene.stage.mine(1)
    await scene.server.poll()
    for (let i = 0; i < 2; i++) expect((await paid(runsync(), sums(1_000))).status).toBe(200)
    expect(lanesOf(second)).toMatchObject([{ owedWei: wei(2) }])
    await scene.stage.write(second.payer, {
      ...{ address: scene.stage.contracts.serverlessSession, abi: serverlessSessionAbi },
      ...{ functionName: 'close', args: [second.sessionId] },
    })
    await scene.stage.mine(1)
    await scene.server.poll()
    expect((await paid(runsync(), sums(1_000))).status).toBe(403)
    paid.stop()
  })
})
