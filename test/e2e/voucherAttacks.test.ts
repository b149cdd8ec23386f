// Attacks on a gateway by those who pay it, and on a payer by a gateway: each by its name.
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { usageRightsAbi } from '@worldland-aa/sdk/abi/usageRights'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { redeemVoucher } from '@worldland-aa/sdk/provider/redeemVoucher'
import {
  fromBase64Json,
  toBase64Json,
  toWireVoucher,
  voucherHeaders,
} from '@worldland-aa/sdk/serving/voucherWire'
import type { Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { deployFickleSigner } from '../support/fickleSigner.ts'
import { endpointId, pricePerSecondWei } from '../support/paymentStage.ts'
import { voucherHeader, voucherScene } from '../support/voucherScene.ts'

const budgetWei = 100n * pricePerSecondWei
const scene = voucherScene()
const { openSession, sign } = scene

type Answer = {
  readonly status: number
  readonly says: string
  readonly token: string | null
  readonly lastSequence: string | undefined
  readonly challenge: string | undefined
}

async function ask(headers: Record<string, string>, milliseconds = 0): Promise<Answer> {
  const response = await fetch(`${scene.server.url}/v2/${endpointId}/runsync`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ input: { numbers: [1], milliseconds } }),
  })
  const body = (await response.json()) as { error?: string }
  const required = response.headers.get(voucherHeaders.required)
  const accepts =
    required === null
      ? undefined
      : (
          fromBase64Json(required) as {
            accepts: { extra: { challenge?: string; lane?: { last?: { voucher: { sequence: string } } } } }[]
          }
        ).accepts
  return {
    status: response.status,
    says: body.error ?? '',
    token: response.headers.get(voucherHeaders.laneToken),
    lastSequence: accepts?.[0]?.extra.lane?.last?.voucher.sequence,
    challenge: accepts?.[0]?.extra.challenge,
  }
}

const pay = (signed: SignedVoucher, milliseconds?: number) => ask(voucherHeader(signed), milliseconds)
const show = (token: string | null, milliseconds?: number) =>
  ask({ [voucherHeaders.laneToken]: token ?? '' }, milliseconds)

async function newBlock(): Promise<void> {
  await scene.stage.mine(1)
  await scene.server.poll()
}

describe('the gate', () => {
  it('Attack: a voucher is replayed', async () => {
    const session = await openSession({ budgetWei })
    const signed = await sign(session, { seconds: 30n })
    expect(await pay(signed)).toMatchObject({ status: 200 })
    expect(await pay(signed)).toMatchObject({
      status: 402,
      says: expect.stringContaining('does not go beyond the last one'),
    })
  })

  it('Attack: a request is made on less than it needs', async () => {
    const session = await openSession({ budgetWei })
    expect(await pay(await sign(session, { seconds: 9n }))).toMatchObject({
      status: 402,
      says: expect.stringContaining('does not cover'),
      lastSequence: '9',
    })
    expect(await pay(await sign(session, { seconds: 10n }), 5_000)).toMatchObject({ status: 200 })
    expect(await pay(await sign(session, { seconds: 14n }))).toMatchObject({ status: 402 })
    expect(await pay(await sign(session, { seconds: 15n }))).toMatchObject({ status: 200 })
  })

  it('Attack: a voucher says more wei than its seconds are worth, which the contract would not pay', async () => {
    const session = await openSession({ budgetWei })
    const signed = await sign(session, { seconds: 30n, units: 29n })
    expect(await pay(signed)).toMatchObject({ status: 402, says: expect.stringContaining('are worth') })
  })

  it('Attack: a voucher is signed for another session, another right, another chain, or by a stranger', async () => {
    const session = await openSession({ budgetWei })
    const other = await openSession({ budgetWei })
    const stranger = await scene.stage.person()
    const seconds = 30n
    const notSigned = { status: 402, says: expect.stringContaining('signature is not') }
    const noRight = { status: 403, says: expect.stringContaining('holds no right') }
    expect(await pay(await sign(session, { seconds, chainId: 1 }))).toMatchObject(notSigned)
    const good = await sign(session, { seconds })
    expect(await pay({ ...good, voucher: { ...good.voucher, sessionId: other.sessionId } })).toMatchObject(
      notSigned,
    )
    expect(await pay({ ...good, signer: other.payer.address })).toMatchObject(notSigned)
    expect(await pay(await sign(session, { seconds, by: stranger }))).toMatchObject(noRight)
    expect(
      await pay(await sign(session, { seconds, by: other.payer, rightId: other.rightId })),
    ).toMatchObject({
      status: 403,
      says: expect.stringContaining('does not stem from session'),
    })
    expect(await pay(await sign(session, { seconds, sessionId: 9_999n }))).toMatchObject({
      status: 402,
      says: expect.stringContaining('There is no session 9999'),
    })
  })

  it('Attack: a session of an offer that this endpoint does not serve', async () => {
    const session = await openSession({ budgetWei, offerId: await scene.stage.postOffer() })
    expect(await pay(await sign(session, { seconds: 30n }))).toMatchObject({
      status: 403,
      says: expect.stringContaining('this endpoint serves sessions of offer'),
    })
  })

  it('Attack: a session of another provider', async () => {
    const session = await openSession({
      budgetWei,
      offerId: await scene.stage.postOffer(await scene.stage.person()),
    })
    expect(await pay(await sign(session, { seconds: 30n }))).toMatchObject({
      status: 403,
      says: expect.stringContaining('is with the provider'),
    })
  })

  it('Attack: a huge sequence leaves no room for another voucher', async () => {
    const session = await openSession({ budgetWei })
    const signed = await sign(session, { seconds: 30n, sequence: 2n ** 64n - 1n })
    expect(await pay(signed)).toMatchObject({ status: 402, says: expect.stringContaining('leaps') })
    expect(await pay(await sign(session, { seconds: 30n, sequence: 1n }))).toMatchObject({ status: 200 })
  })

  it('Attack: two lanes share one budget, one after the other and at the same moment', async () => {
    const session = await openSession({ budgetWei })
    const holder = await scene.stage.person()
    const rightId = await scene.stage.grant(session.payer, {
      parentId: session.rightId,
      to: holder.address,
      budgetWei,
    })
    await scene.server.poll()
    const answers = await Promise.all([
      pay(await sign(session, { seconds: 60n })),
      pay(await sign(session, { seconds: 60n, by: holder, rightId })),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 402])
    expect(answers.find(({ status }) => status === 402)?.says).toContain('has')
    // What is left is good for whichever comes.
    expect(await pay(await sign(session, { seconds: 101n }))).toMatchObject({ status: 402 })
  })

  it('Attack: a stranger reads redeemed vouchers on the chain and shows them', async () => {
    const session = await openSession({ budgetWei })
    const signed = await sign(session, { seconds: 30n })
    expect(await pay(signed)).toMatchObject({ status: 200 })
    const [call] = redeemVoucher.calls({ contracts: scene.stage.contracts, signed })
    const hash = await scene.stage.chain.wallet.sendTransaction({ ...call })
    await scene.stage.chain.client.waitForTransactionReceipt({ hash })
    await scene.server.poll()
    // Beyond it there is more, which is the client's own business.
    expect(await pay(await sign(session, { seconds: 40n }))).toMatchObject({ status: 200 })
    const shown = await pay(signed)
    expect(shown).toMatchObject({ status: 402, lastSequence: undefined })
    expect(shown.says).toContain('redeemed: ')
    expect(shown.says).not.toContain((40n * pricePerSecondWei).toString())
    expect(await pay({ ...signed, voucher: { ...signed.voucher, sequence: 31n } })).toMatchObject({
      status: 402,
      lastSequence: undefined,
    })
    const { challenge } = await ask({})
    // Who holds the key signs now, and is told where it left off; once, for then others can read that as well.
    const proof = await sign(session, { seconds: 1n, receiptsRoot: challenge as Hex })
    expect(await pay(proof)).toMatchObject({ status: 402, lastSequence: '40' })
    expect(await pay(proof)).toMatchObject({ status: 402, lastSequence: undefined })
  })

  it('Attack: a stranger claims the word of a contract that was not asked, to hear how its lane stands', async () => {
    const signer = await deployFickleSigner(scene.stage.chain)
    const session = await openSession({ budgetWei, signer: signer.address })
    const good = await sign(session, { seconds: 30n, signer: signer.address })
    expect(await pay(good)).toMatchObject({ status: 200 })
    await signer.disown()
    const claimed = await sign(session, { seconds: 20n, signer: signer.address })
    expect(await pay(claimed)).toMatchObject({ status: 402, lastSequence: undefined })
  })

  it('Attack: a right is revoked, and its holder goes on by voucher and by token', async () => {
    const session = await openSession({ budgetWei })
    const holder = await scene.stage.person()
    const rightId = await scene.stage.grant(session.payer, {
      parentId: session.rightId,
      to: holder.address,
      budgetWei,
    })
    await scene.server.poll()
    const { status, token } = await pay(await sign(session, { seconds: 30n, by: holder, rightId }))
    expect(status).toBe(200)
    expect(await show(token)).toMatchObject({ status: 200 })
    await scene.stage.write(session.payer, {
      ...{
        address: scene.stage.contracts.usageRights,
        abi: usageRightsAbi,
        functionName: 'revoke',
        args: [rightId],
      },
    })
    await newBlock()
    expect(await show(token)).toMatchObject({ status: 403 })
    expect(await pay(await sign(session, { seconds: 40n, by: holder, rightId }))).toMatchObject({
      status: 403,
    })
  })

  it('Attack: a client signs, runs, and closes the session: its jobs end with the next block', async () => {
    const session = await openSession({ budgetWei })
    const { token } = await pay(await sign(session, { seconds: 50n }))
    const payer = {
      sessionId: session.sessionId,
      rightId: session.rightId,
      lane: `${session.sessionId}:${session.rightId}`,
    }
    const ended: string[] = []
    scene.server.payments.gate.onOverdue(({ lane }) => void ended.push(lane))
    scene.server.payments.gate.began(payer, { jobId: 'long', ranMilliseconds: 0 })
    await newBlock()
    expect(ended).toEqual([])
    await scene.stage.write(session.payer, {
      ...{ address: scene.stage.contracts.serverlessSession, abi: serverlessSessionAbi },
      ...{ functionName: 'close', args: [session.sessionId] },
    })
    await newBlock()
    // Told again at each block, until it is done.
    expect(new Set(ended)).toEqual(new Set([payer.lane]))
    expect(await show(token)).toMatchObject({ status: 403, says: expect.stringContaining('closing') })
    await scene.server.payments.gate.finished(payer, { jobId: 'long', usedMilliseconds: 1_000 })
  })

  it('Attack: a job runs on beyond what is signed: its lane is overdue after one interval, and pays before anything else', async () => {
    const session = await openSession({ budgetWei })
    const { token } = await pay(await sign(session, { seconds: 10n }))
    const payer = {
      sessionId: session.sessionId,
      rightId: session.rightId,
      lane: `${session.sessionId}:${session.rightId}`,
    }
    const overdue: string[] = []
    scene.server.payments.gate.onOverdue(({ lane }) => void overdue.push(lane))
    scene.server.payments.gate.began(payer, { jobId: 'in time', ranMilliseconds: 15_000 })
    expect(overdue).toEqual([])
    scene.server.payments.gate.began(payer, { jobId: 'beyond', ranMilliseconds: 5_001 })
    expect(overdue).toEqual([payer.lane])
    expect(await show(token)).toMatchObject({ status: 402 })
    for (const jobId of ['in time', 'beyond']) {
      await scene.server.payments.gate.finished(payer, { jobId, usedMilliseconds: 10_001 })
      await scene.server.payments.gate.finished(payer, { jobId, usedMilliseconds: 10_001 })
    }
    const [lane] = scene.server.payments
      .lanes()
      .filter(({ sessionId }) => sessionId === `${session.sessionId}`)
    expect(lane).toMatchObject({ usedMilliseconds: '20002' })
  })

  it('Attack: a contract signs and disowns: what it signed is redeemed within a minute of blocks', async () => {
    const signer = await deployFickleSigner(scene.stage.chain)
    const session = await openSession({ budgetWei, signer: signer.address })
    await scene.server.poll()
    const by = async (seconds: bigint): Promise<SignedVoucher> => ({
      ...(await sign(session, { seconds })),
      signer: signer.address,
    })
    expect(await pay(await by(30n))).toMatchObject({ status: 200 })
    for (let block = 0; block < 9; block++) await newBlock()
    await expect
      .poll(async () => {
        await newBlock()
        return await scene.stage.redeemedWei(session)
      })
      .toBe(30n * pricePerSecondWei)
    await signer.disown()
    await newBlock()
    expect(await pay(await by(60n))).toMatchObject({
      status: 402,
      says: expect.stringContaining('would not pay this voucher'),
    })
    for (let tries = 0; tries < 15; tries++) await pay(await by(60n))
    expect(await pay(await by(60n))).toMatchObject({ status: 429 })
  })

  it('Attack: headers that are huge, no base64, no JSON, or of other shapes', async () => {
    const session = await openSession({ budgetWei })
    const good = toWireVoucher(await sign(session, { seconds: 30n }))
    // Node's own HTTP server ends what is longer than it reads.
    const huge = await fetch(`${scene.server.url}/v2/${endpointId}/runsync`, {
      method: 'POST',
      headers: { [voucherHeaders.voucher]: 'A'.repeat(100_000) },
    })
    expect(huge.status).toBe(431)
    const shapes: unknown[] = [
      null,
      [],
      7,
      {},
      { ...good, more: 1 },
      { ...good, voucher: { ...good.voucher, sequence: '-1' } },
      { ...good, voucher: { ...good.voucher, sequence: 1 } },
      { ...good, voucher: { ...good.voucher, units: `${2n ** 64n}` } },
      { ...good, voucher: { ...good.voucher, cumulativeWei: '1e9' } },
      { ...good, voucher: { ...good.voucher, rightId: '9'.repeat(79) } },
      { ...good, signer: '0x12' },
      { ...good, signature: '0x' },
      { ...good, signature: `0x${'00'.repeat(64)}` },
      { ...good, signature: `0x${'ff'.repeat(65)}` },
      JSON.parse('{"__proto__":{"voucher":1}}'),
    ]
    for (const shape of shapes) {
      const { status, says } = await ask({ [voucherHeaders.voucher]: toBase64Json(shape) })
      expect({ shape, status }).toEqual({ shape, status: 402 })
      expect(says.length).toBeLessThan(400)
    }
    for (const text of ['%%%', 'e30', 'bm8ganNvbg==', '/w==']) {
      expect(await ask({ [voucherHeaders.voucher]: text })).toMatchObject({ status: 402 })
      expect(await ask({ [voucherHeaders.payment]: text })).toMatchObject({ status: 402 })
    }
  })

  it('Attack: a token is made up, altered, or of another provider', async () => {
    const session = await openSession({ budgetWei })
    const { token } = await pay(await sign(session, { seconds: 30n }))
    const parts = (token ?? '').split('.')
    expect(await show(token)).toMatchObject({ status: 200 })
    expect(await ask({ authorization: `Bearer ${token}` })).toMatchObject({ status: 200 })
    const others = [
      [...parts.slice(0, 4), `${Number(parts[4]) + 1}`, parts[5]].join('.'),
      [...parts.slice(0, 5), 'AAAA'].join('.'),
      parts.slice(0, 5).join('.'),
      '.',
      'wlt1.1.1.1.1.',
    ]
    for (const other of others) expect(await show(other)).toMatchObject({ status: 402 })
  })
})
