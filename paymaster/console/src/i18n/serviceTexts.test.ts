import { describe, expect, it } from 'vitest'
import { alertTextIn } from './alertTexts.ts'
import { refusalIn } from './refusals.ts'

describe('what the service says', () => {
  it('of a refusal has a sentence in Korean, and stays as it is in English', () => {
    expect(refusalIn('ko', 'budgetUsedUp')).toMatch(/예산/)
    expect(refusalIn('en', 'budgetUsedUp')).toBeUndefined()
  })

  it('of an alert is told in Korean with its figure', () => {
    const alert = { kind: 'depositLow', subject: null, value: '1500000000000000000', title: 'Low' }
    expect(alertTextIn('ko', alert)?.title).toMatch(/예치금.*1\.5 WLC/)
    expect(alertTextIn('en', alert)).toBeUndefined()
  })

  it('stays in its own words where the console does not know them', () => {
    for (const name of ['constructor', 'newerThanThis', null]) expect(refusalIn('ko', name)).toBeUndefined()
    const alert = { kind: 'toString', subject: null, value: '1', title: 'New' }
    expect(alertTextIn('ko', alert)).toBeUndefined()
  })
})
