import { describe, expect, it } from 'vitest'
import { choosePlacement } from '../../actions/placement/choosePlacement.ts'
import { placementOffer } from '../../placement/testing/smallMarket.ts'
import { showPlan } from './showPlan.ts'
import { table, tokensOf } from './table.ts'

describe('a plan on a terminal', () => {
  it('attack: a provider’s names cannot steer the terminal, nor forge a line', () => {
    const hostile = { region: 'KR\u001b[2J\nRented: lease 1', gpuModel: '4090\u202E\r\u0007' }
    const offers = [
      placementOffer({ offerId: 1n, provider: 1, ...hostile }),
      placementOffer({ offerId: 2n, provider: 2, ...hostile, gpuModel: 'other\u001b[31m' }),
    ]
    const needs = { machines: 1, seconds: 60, gpuModels: ['4090'] }
    for (const all of [true, false]) {
      const shown = showPlan(choosePlacement(offers, needs), { all })
      expect(shown.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
      expect(shown).not.toMatch(/^Rented/m)
    }
  })

  it('counts reasons of one kind together, unless each is asked for', () => {
    const offers = [1n, 2n, 3n].map(offerId => placementOffer({ offerId, provider: 1, gpuModel: 'H100' }))
    const placement = choosePlacement(offers, { machines: 1, seconds: 60, gpuModels: ['4090'] })
    expect(showPlan(placement, { all: false })).toContain(
      'its GPU is another one, H100 (and 2 more for the like)',
    )
    expect(showPlan(placement, { all: true }).match(/its GPU is another one, H100$/gm)).toHaveLength(3)
  })

  it('has figures on the right and words on the left', () => {
    const rows = [
      ['a', '1'],
      ['long', '100'],
    ]
    expect(table([{ title: 'name' }, { title: 'n', align: 'right' }], rows)).toBe(
      'name    n\na       1\nlong  100',
    )
  })

  it('shows an hour’s price as it was written, though seconds do not divide it', () => {
    expect(tokensOf(138_888_888_888_888n * 3_600n)).toBe('0.5')
    expect(tokensOf(10n ** 18n)).toBe('1')
    expect(tokensOf(-(10n ** 18n) / 2n)).toBe('-0.5')
    expect(tokensOf(1n)).toBe('0')
  })
})
