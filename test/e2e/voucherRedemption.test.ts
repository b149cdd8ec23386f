// Vouchers become tokens: in time, together, once, and again where a reorg took it back.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { usageRightsAbi } from '@worldland-aa/sdk/abi/usageRights'
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import { createVoucherScheme } from '@worldland-aa/sdk/serving/voucherScheme'
import { toBase64Json, toWireVoucher, voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import type { PrivateKeyAccount } from 'viem'
import { expect, it } from 'vitest'
import { chainId, endpointId, type OpenedSession, pricePerSecondWei } from '../support/paymentStage.ts'
import { seededRandom } from '../support/random.ts'
import { voucherScene } from '../support/voucherScene.ts'

const random = seededRandom()
const budgetWei = 5_000n * pricePerSecondWei
const scene = voucherScene()
const { openSession } = scene

function clientOf(
  session: OpenedSession,
  signer: PrivateKeyAccount = session.payer,
  rightId = session.rightId,
) {
  const paying = createVoucherScheme({
    ...{ contracts: scene.stage.contracts, chainId, signer },
    sessions: [{ sessionId: session.sessionId, rightId, pricePerSecondWei, budgetWei }],
    // A hundred requests at once, each with its reserve of ten seconds.
    maximumParallelJobs: 100,
    maximumSecondsAhead: 2_000,
  })
  const paid = wrapFetchWithPaymentFromConfig(paying.fetch, paying.config)
  return async (milliseconds: number) => {
    const response = await paid(`${scene.server.url}/v2/${endpointId}/runsync`, {
      method: 'POST',
      body: JSON.stringify({ input: { numbers: [1], milliseconds } }),
    })
    expect(await response.text()).toContain('"sum":1')
  }
}

const signedWei = ({ sessionId, rightId }: Pick<OpenedSession, 'sessionId' | 'rightId'>): bigint =>
  BigInt(
    scene.server.payments
      .lanes()
      .find(lane => lane.sessionId === `${sessionId}` && lane.rightId === `${rightId}`)?.signedWei ?? 0,
  )

/** The chain goes on, and the provider with it, until all that was signed is redeemed. */
async function redeemed(lane: Pick<OpenedSession, 'sessionId' | 'rightId'>): Promise<void> {
  await expect
    .poll(async () => {
      await scene.stage.mine(1)
      await scene.server.poll()
      return await scene.stage.redeemedWei(lane)
    })
    .toBe(signedWei(lane))
}

const tokensOf = (address: `0x${string}`) =>
  scene.stage.chain.client.readContract({
    ...{ address: scene.stage.contracts.token, abi: computeTokenAbi },
    ...{ functionName: 'balanceOf', args: [address] },
  })

const inSession = () => ({ address: scene.stage.contracts.serverlessSession, abi: serverlessSessionAbi })

it('ten thousand requests settle in one redemption, to the wei', async () => {
  const session = await openSession({ budgetWei })
  const request = clientOf(session)
  const before = await tokensOf(scene.stage.chain.owner.address)
  for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 100 }, () => request(33)))
  const [lane] = scene.server.payments.lanes().filter(({ sessionId }) => sessionId === `${session.sessionId}`)
  expect(lane).toMatchObject({
    usedMilliseconds: '330000',
    owedWei: (330n * pricePerSecondWei).toString(),
  })
  await redeemed(session)
  expect((await tokensOf(scene.stage.chain.owner.address)) - before).toBe(signedWei(session))
  const events = await scene.stage.chain.client.getContractEvents({
    ...inSession(),
    eventName: 'VoucherRedeemed',
    args: { sessionId: session.sessionId },
    fromBlock: 0n,
  })
  expect(events.map(({ args }) => args.paidWei)).toEqual([signedWei(session)])
})

it('what a payer signed is redeemed though it closes the session at once', async () => {
  const session = await openSession({ budgetWei })
  await clientOf(session)(20_000)
  await scene.stage.write(session.payer, { ...inSession(), functionName: 'close', args: [session.sessionId] })
  await redeemed(session)
})

it('what a holder signed is redeemed though its right is taken away at once', async () => {
  const session = await openSession({ budgetWei })
  const holder = await scene.stage.person()
  const rightId = await scene.stage.grant(session.payer, {
    ...{ parentId: session.rightId, to: holder.address, budgetWei: budgetWei / 2n },
  })
  await scene.server.poll()
  await clientOf(session, holder, rightId)(20_000)
  await scene.stage.write(session.payer, {
    ...{
      address: scene.stage.contracts.usageRights,
      abi: usageRightsAbi,
      functionName: 'revoke',
      args: [rightId],
    },
  })
  await redeemed({ ...session, rightId })
})

it('what a signer signed is redeemed though the payer replaces the signer at once', async () => {
  const signer = await scene.stage.person()
  const session = await openSession({ budgetWei, signer: signer.address })
  await clientOf(session, signer)(20_000)
  await scene.stage.write(session.payer, {
    ...{ address: scene.stage.contracts.usageRights, abi: usageRightsAbi, functionName: 'setUser' },
    args: [session.rightId, session.payer.address, 2n ** 40n],
  })
  await redeemed(session)
})

it('all that was taken of rights that share budgets is paid, whoever signed what at the same moment', async () => {
  const total = 100
  const session = await openSession({ budgetWei: BigInt(total) * pricePerSecondWei })
  const holders: PrivateKeyAccount[] = []
  while (holders.length < 4) holders.push(await scene.stage.person())
  // Together they are allowed far more than there is; the last has its right from the one before.
  const lanes: { readonly by: PrivateKeyAccount; readonly rightId: bigint }[] = [
    { by: session.payer, rightId: session.rightId },
  ]
  for (const [index, by] of holders.entries()) {
    const above = index === 3 ? lanes[3] : lanes[0]
    if (above === undefined) throw new Error('There is a right above each')
    const budgetOfRightWei = BigInt(index === 3 ? 30 : 60) * pricePerSecondWei
    // Given a second later than the one that it is from, it must end no later.
    const seconds = index === 3 ? 900 : 1_800
    const grant = { parentId: above.rightId, to: by.address, budgetWei: budgetOfRightWei, acts: 17, seconds }
    lanes.push({ by, rightId: await scene.stage.grant(above.by, grant) })
  }
  await scene.server.poll()
  const wanted = Array.from({ length: 60 }, (_, index) => ({
    lane: lanes[random.between(0, lanes.length - 1)] ?? lanes[0],
    // What does not pay its own gas is not redeemed.
    seconds: BigInt(random.between(8, 60)),
    sequence: BigInt(index + 1),
  }))
  const statuses = await Promise.all(
    wanted.map(async ({ lane, seconds, sequence }) => {
      const signed = await signVoucher({
        ...{ contracts: scene.stage.contracts, chainId, signer: lane?.by ?? session.payer },
        voucher: {
          ...{ sessionId: session.sessionId, rightId: lane?.rightId ?? 0n, sequence, units: seconds },
          cumulativeWei: seconds * pricePerSecondWei,
        },
      })
      const response = await fetch(`${scene.server.url}/payments/${endpointId}/vouchers`, {
        method: 'POST',
        headers: { [voucherHeaders.voucher]: toBase64Json(toWireVoucher(signed)) },
      })
      await response.body?.cancel()
      return response.status
    }),
  )
  expect(new Set(statuses)).toEqual(new Set([200, 402]))
  await scene.stage.write(session.payer, { ...inSession(), functionName: 'close', args: [session.sessionId] })
  for (const { rightId } of lanes) await redeemed({ ...session, rightId })
  const { spentWei } = await scene.stage.chain.client.readContract({
    ...{ ...inSession(), functionName: 'sessionOf', args: [session.sessionId] },
  })
  expect(spentWei).toBe(lanes.reduce((sum, { rightId }) => sum + signedWei({ ...session, rightId }), 0n))
})

it('a redemption that a reorg took away is made again', async () => {
  const session = await openSession({ budgetWei })
  await scene.stage.mine(5)
  await scene.server.poll()
  await clientOf(session)(20_000)
  await scene.stage.write(session.payer, { ...inSession(), functionName: 'close', args: [session.sessionId] })
  await redeemed(session)
  const events = await scene.stage.chain.client.getContractEvents({
    ...{
      ...inSession(),
      eventName: 'VoucherRedeemed',
      args: { sessionId: session.sessionId },
      fromBlock: 0n,
    },
  })
  const [{ blockNumber } = { blockNumber: 0n }] = events
  const head = await scene.stage.chain.client.getBlockNumber()
  await scene.stage.reorg(Number(head - blockNumber) + 1)
  expect(await scene.stage.redeemedWei(session)).toBe(0n)
  await redeemed(session)
})

it('a session that is over is closed by the provider once its vouchers are redeemed for good, and the rest goes back', async () => {
  const session = await openSession({ budgetWei, seconds: 700 })
  await clientOf(session)(20_000)
  const before = await tokensOf(session.payer.address)
  await scene.stage.chain.anvil.client.increaseTime({ seconds: 800 })
  await redeemed(session)
  await expect
    .poll(async () => {
      await scene.stage.mine(10)
      await scene.server.poll()
      const { state } = await scene.stage.chain.client.readContract({
        ...{ ...inSession(), functionName: 'sessionOf', args: [session.sessionId] },
      })
      return state
    })
    .toBe(3)
  expect((await tokensOf(session.payer.address)) - before).toBe(budgetWei - signedWei(session))
})
