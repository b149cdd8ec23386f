import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { powGapSeconds, startBlockProduction } from './blockProduction.ts'

describe('the gaps between proof-of-work blocks', () => {
  it('are never shorter than the second by which a header must be later', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), uniform => {
        const gap = powGapSeconds(uniform)
        expect(gap).toBeGreaterThanOrEqual(1)
        expect(Number.isFinite(gap)).toBe(true)
      }),
    )
  })

  it('are ten seconds on average, and above a minute once in some four hundred', () => {
    const samples = 100_000
    const gaps = Array.from({ length: samples }, (_, index) => powGapSeconds((index + 0.5) / samples))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / samples
    expect(mean).toBeGreaterThan(9.9)
    expect(mean).toBeLessThan(10.2)
    expect(gaps.filter(gap => gap > 60).length / samples).toBeCloseTo(Math.exp(-6), 4)
  })
})

describe('block production', () => {
  let anvil: Anvil | undefined
  afterEach(async () => anvil?.stop())

  it('mines by itself at random gaps, with time stamps that rise, until it is stopped', async () => {
    anvil = await startAnvil()
    const { client } = anvil
    const problems: unknown[] = []
    const production = await startBlockProduction(client, {
      blockTime: 'pow',
      random: () => 0,
      onError: error => problems.push(error),
    })
    const block = async (number: number) =>
      (await client.request({
        method: 'eth_getBlockByNumber' as never,
        params: [`0x${number.toString(16)}`, false] as never,
      })) as { timestamp: string } | null
    await expect.poll(() => block(2)).not.toBeNull()
    production.stop()
    const [first, second] = [await block(1), await block(2)]
    expect(Number(second?.timestamp)).toBeGreaterThan(Number(first?.timestamp))
    expect(problems).toEqual([])
  })
})
