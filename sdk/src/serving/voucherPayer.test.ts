// A payer against servers that ask for what they should not have.
import fc from 'fast-check'
import { zeroAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { rootRightOf } from '../actions/rights/rootRightOf.ts'
import { signVoucher } from '../actions/session/signVoucher.ts'
import type { SignedVoucher } from '../actions/session/voucher.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { type AskedPayment, readVoucherRequirements } from './readVoucherRequirements.ts'
import { createVoucherPayer, type VoucherPayerParameters } from './voucherPayer.ts'

const serverlessSession = '0x5555555555555555555555555555555555555555'
const token = '0x7777777777777777777777777777777777777777'
const contracts = { serverlessSession, token } as unknown as ComputeContracts
const provider = '0x9999999999999999999999999999999999999999'
const signer = privateKeyToAccount(generatePrivateKey())
const chainId = 103
const pricePerSecondWei = 100n
const rightId = rootRightOf({ market: serverlessSession, agreementId: 1n })

const payer = (more: Partial<VoucherPayerParameters> = {}) =>
  createVoucherPayer({
    ...{ contracts, chainId, signer },
    sessions: [{ sessionId: 1n, pricePerSecondWei, budgetWei: 50_000n, provider, offerId: 3n }],
    ...more,
  })

const asked = (more: Partial<AskedPayment> = {}): AskedPayment => ({
  network: 'eip155:103',
  ...{ amountWei: 1_000n, asset: token, serverlessSession, provider, pricePerSecondWei },
  offerIds: [3n],
  reserveSeconds: 10,
  challenge: undefined,
  lane: undefined,
  ...more,
})
const laneAt = (cumulativeWei: bigint, last?: SignedVoucher) => ({
  sessionId: 1n,
  rightId,
  cumulativeWei,
  last,
})
const signed = (cumulativeWei: bigint, sequence: bigint, by = signer) =>
  signVoucher({
    ...{ contracts, chainId, signer: by },
    voucher: { sessionId: 1n, rightId, cumulativeWei, sequence, units: (cumulativeWei + 99n) / 100n },
  })

describe('a payer', () => {
  it('signs what is asked, each voucher beyond the one before, at the price of its session', async () => {
    const paying = payer()
    const first = await paying.sign(asked())
    expect(first.voucher).toMatchObject({ cumulativeWei: 1_000n, sequence: 1n, units: 10n })
    paying.answered(first)
    const second = await paying.sign(asked({ lane: laneAt(1_550n, first) }))
    expect(second.voucher).toMatchObject({ cumulativeWei: 1_550n, sequence: 2n, units: 16n })
  })

  it('signs for requests at once one after the other, each with what it needs', async () => {
    const paying = payer()
    const vouchers = await Promise.all(Array.from({ length: 8 }, () => paying.sign(asked())))
    expect(vouchers.map(({ voucher }) => voucher.sequence)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n])
    expect(vouchers.map(({ voucher }) => voucher.cumulativeWei / 1_000n)).toEqual([
      1n,
      2n,
      3n,
      4n,
      5n,
      6n,
      7n,
      8n,
    ])
  })

  it('goes on from a voucher that it has signed and lost, and from none that another signed or nobody', async () => {
    const lost = await signed(7_000n, 9n)
    expect((await payer().sign(asked({ lane: laneAt(7_500n, lost) }))).voucher).toMatchObject({
      ...{ cumulativeWei: 7_500n, sequence: 10n, units: 75n },
    })
    const others = await signed(7_000n, 9n, privateKeyToAccount(generatePrivateKey()))
    for (const last of [
      others,
      { ...others, signer: signer.address },
      { ...lost, signature: others.signature },
    ]) {
      const { voucher } = await payer().sign(asked({ lane: laneAt(1_000n, last) }))
      expect(voucher).toMatchObject({ cumulativeWei: 1_000n, sequence: 1n })
    }
  })

  it('goes on from what it has on record after a restart', async () => {
    const kept = new Map<string, SignedVoucher>()
    const store = {
      load: async (lane: string) => kept.get(lane),
      save: async (lane: string, one: SignedVoucher) => void kept.set(lane, one),
    }
    await payer({ store }).sign(asked())
    const { voucher } = await payer({ store }).sign(asked({ lane: laneAt(1_200n) }))
    expect(voucher).toMatchObject({ cumulativeWei: 1_200n, sequence: 2n })
  })
})

describe('Attack: a server asks too much', () => {
  const refuses = (more: Partial<AskedPayment>, code: string) =>
    expect(payer().sign(asked(more))).rejects.toMatchObject({ name: 'VoucherNotSignedError', code })

  it('beyond the budget', async () => {
    await refuses({ lane: laneAt(50_001n) }, 'budget')
  })
  it('above the price of the session', async () => {
    await refuses({ pricePerSecondWei: 101n }, 'price')
  })
  it('for more time than has passed', async () => {
    const paying = payer({
      sessions: [{ sessionId: 1n, pricePerSecondWei, budgetWei: 10n ** 9n }],
    })
    const first = await paying.sign(asked())
    paying.answered(first)
    await expect(paying.sign(asked({ lane: laneAt(200_000n, first) }))).rejects.toMatchObject({
      code: 'implausible',
    })
  })
  it('on another chain, in another token, by another contract, for another provider or session', async () => {
    await refuses({ network: 'eip155:1' }, 'place')
    await refuses({ asset: zeroAddress }, 'place')
    await refuses({ serverlessSession: zeroAddress }, 'place')
    await refuses({ provider: zeroAddress }, 'session')
    await refuses({ offerIds: [4n] }, 'session')
    await refuses({ lane: { ...laneAt(1_000n), sessionId: 2n } }, 'session')
    await refuses({ lane: { ...laneAt(1_000n), rightId: 5n } }, 'session')
  })
  it('again and again, by refusing each voucher: it signs its budget and no wei more, whatever is asked', async () => {
    const demands = fc.array(
      fc.record({
        amountWei: fc.bigInt({ min: 0n, max: 20_000n }),
        laneWei: fc.option(fc.bigInt({ min: 0n, max: 60_000n }), { nil: undefined }),
        isAnswered: fc.boolean(),
        aheadWei: fc.bigInt({ min: 0n, max: 10_000n }),
      }),
      { maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(demands, async wanted => {
        const paying = payer()
        let [cumulativeWei, sequence, units] = [0n, 0n, 0n]
        for (const { amountWei, laneWei, isAnswered, aheadWei } of wanted) {
          const lane = laneWei === undefined ? undefined : laneAt(laneWei)
          const one = await paying.sign(asked({ amountWei, lane }), aheadWei).catch(error => {
            expect(error).toMatchObject({ name: 'VoucherNotSignedError' })
          })
          if (one === undefined) continue
          if (isAnswered) paying.answered(one)
          expect(one.voucher.cumulativeWei).toBeGreaterThan(cumulativeWei)
          expect(one.voucher.cumulativeWei).toBeLessThanOrEqual(50_000n)
          expect(one.voucher.sequence).toBe(sequence + 1n)
          expect(one.voucher.units).toBeGreaterThanOrEqual(units)
          expect(one.voucher.cumulativeWei).toBeLessThanOrEqual(one.voucher.units * pricePerSecondWei)
          ;({ cumulativeWei, sequence, units } = one.voucher)
        }
      }),
      { numRuns: 30 },
    )
  })
  it('in a shape that makes no sense', () => {
    const rubbish = fc.oneof(
      fc.jsonValue(),
      fc.object({ key: fc.constantFrom('scheme', 'amount', 'extra', 'lane', 'last', 'voucher') }),
    )
    fc.assert(
      fc.property(rubbish, value => {
        expect(readVoucherRequirements(value)).toBeUndefined()
      }),
    )
  })
})
