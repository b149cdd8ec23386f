// What a price must be to be signed at: of every source, fresh, near the one before.
import { accept, type Result } from '@worldland-aa/service/result'
import { describe, expect, it } from 'vitest'
import { type PriceOracle, type PriceReading, priceUnavailable } from '../oracles/priceOracle.ts'
import { tokensPerCoin } from '../oracles/ratio.ts'
import { createPriceKeeper } from './priceKeeper.ts'

const token = { address: '0x4000000000000000000000000000000000000004', symbol: 'TUSD', decimals: 6 } as const
const at = { blockNumber: 1n, timestampSeconds: 1_000 }
const price = (hundredths: number) => tokensPerCoin(BigInt(hundredths), 2, 6)

function scene(sources = 1, previous?: number) {
  const told: Result<PriceReading>[] = []
  let seconds = 1_000
  const oracles = Array.from(
    { length: sources },
    (_, place): PriceOracle => ({
      kind: `source ${place}`,
      maxAgeSeconds: 60,
      read: async () => told[place] ?? priceUnavailable('urlSilent', { symbol: 'TUSD', why: 'nobody there' }),
    }),
  )
  const seen: bigint[] = []
  const keeper = createPriceKeeper({
    token,
    oracles,
    bounds: { maxStepDeviationBps: 1_000, maxSourceDeviationBps: 200 },
    previous: previous === undefined ? undefined : price(previous),
    now: () => seconds,
    onPrice: ({ rate }) => seen.push(rate),
  })
  return {
    keeper,
    seen,
    async tell(...readings: readonly (number | Partial<PriceReading> | 'silence')[]) {
      for (const [place, reading] of readings.entries()) {
        if (reading === 'silence')
          told[place] = priceUnavailable('urlSilent', { symbol: 'TUSD', why: 'nobody there' })
        else {
          const fields = typeof reading === 'number' ? { ratio: price(reading) } : reading
          told[place] = accept({ ratio: price(250), updatedAtSeconds: seconds, ...fields })
        }
      }
      await keeper.refresh(at)
    },
    pass(by: number) {
      seconds += by
    },
    reason() {
      const now = keeper.price()
      return now.ok ? String(now.value.rate) : (now.refusal.data as { reason: string }).reason
    },
    message() {
      const now = keeper.price()
      return now.ok ? '' : now.refusal.message
    },
  }
}

describe('the price that is signed at', () => {
  it('is none before a source has told one', async () => {
    const { keeper, reason, tell } = scene()
    expect(reason()).toBe('priceUnavailable')
    await tell('silence')
    expect(keeper.view().last).toBeUndefined()
    expect(reason()).toBe('priceUnavailable')
  })

  it('holds while it is fresh although its source falls silent, and not a second longer', async () => {
    const { tell, pass, reason, message } = scene()
    await tell(250)
    await tell('silence')
    pass(60)
    expect(reason()).toBe('2500000')
    pass(1)
    expect(reason()).toBe('priceStale')
    expect(message()).toContain(
      'is 61 seconds old, which is too old; The price URL of TUSD cannot be asked: nobody there',
    )
  })

  it('is stale when the source itself says that it is old, or that it has expired', async () => {
    const old = scene()
    await old.tell({ updatedAtSeconds: 939 })
    expect(old.reason()).toBe('priceStale')
    const expiring = scene()
    await expiring.tell({ expiresAtSeconds: 1_010 })
    expect(expiring.reason()).toBe('2500000')
    expiring.pass(11)
    expect(expiring.reason()).toBe('priceStale')
  })

  it('deviates when it is too far from the one before, until it comes back or is accepted', async () => {
    const { keeper, tell, reason, message } = scene()
    await tell(250)
    await tell(276)
    expect(reason()).toBe('priceDeviates')
    expect(message()).toContain(
      'The price of TUSD is 2.76 for one coin and differs from 2.5 by 10.4 %, more than the 10 % that are allowed',
    )
    await tell(275)
    expect(reason()).toBe('2750000')
    await tell(200)
    expect(reason()).toBe('priceDeviates')
    keeper.acceptStep()
    expect(reason()).toBe('2000000')
  })

  it('is compared with the one before a restart', async () => {
    const { tell, reason } = scene(1, 250)
    await tell(300)
    expect(reason()).toBe('priceDeviates')
  })

  it('deviates when two sources disagree, and is the first one’s when they agree', async () => {
    const { tell, reason, message } = scene(2)
    await tell(250, 254)
    expect(reason()).toBe('2500000')
    await tell(250, 256)
    expect(reason()).toBe('priceDeviates')
    expect(message()).toContain('The second price of TUSD is 2.56')
  })

  it('needs every source: one that never spoke leaves it without a price', async () => {
    const { tell, reason } = scene(2)
    await tell(250, 'silence')
    expect(reason()).toBe('priceUnavailable')
  })

  it('deviates when the price of the moment is far from the mean', async () => {
    const { tell, reason, message } = scene()
    await tell({ spot: price(300) })
    expect(reason()).toBe('priceDeviates')
    expect(message()).toContain('The spot price of TUSD is 3')
  })

  it('is none where the contract could not express it', async () => {
    const { tell, message } = scene()
    await tell({ ratio: { units: 2n ** 130n, wei: 10n ** 18n } })
    expect(message()).toContain('beyond what the paymaster contract can express')
  })

  it('tells only prices that are good', async () => {
    const { tell, seen } = scene()
    await tell(250)
    await tell(500)
    await tell('silence')
    expect(seen).toEqual([2_500_000n])
  })
})
