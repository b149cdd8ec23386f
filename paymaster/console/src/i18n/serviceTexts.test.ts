import { beforeAll, describe, expect, it } from 'vitest'
import { ApiError } from '../api/apiError.ts'
import { explain, sentenceOf } from '../components/explain.ts'
import { alertTextIn } from './alertTexts.ts'
import korean from './korean.json' with { type: 'json' }
import { driftIn, grantIn, priceProblemIn, refusalIn, revertIn, ruleIn, transactionIn } from './refusals.ts'
import { loadServiceTexts, type ServiceTexts } from './serviceTexts.ts'

/** One that lacks a text is a type error. */
const texts: ServiceTexts = korean

it('is English until the texts of another language have come, and where they do not come', async () => {
  await loadServiceTexts('ko', () => Promise.reject(new Error('gone')))
  expect(refusalIn('ko', 'budgetUsedUp')).toBeUndefined()
})

describe('what the service says', () => {
  beforeAll(() => loadServiceTexts('ko', async () => texts))

  it('of a refusal has a sentence in Korean, and stays as it is in English', () => {
    expect(refusalIn('ko', 'budgetUsedUp')).toMatch(/예산/)
    expect(refusalIn('ko', 'apiKey.origin')).toMatch(/출처/)
    expect(refusalIn('en', 'budgetUsedUp')).toBeUndefined()
  })

  it('of a rule has one with its figures, in coins where they are of the coin', () => {
    const values = { maxCostWei: '1500000000000000000', limitWei: '2000000000000000000' }
    expect(ruleIn('ko', 'costWithin', values)).toBe('2 WLC 한도에서 많아야 1.5 WLC가 듭니다')
    expect(ruleIn('ko', 'callsListed', { count: '3' })).toBe('호출 3개 모두 목록에 있습니다')
    expect(ruleIn('en', 'callsListed', { count: '3' })).toBeUndefined()
  })

  it('of a grant names who pays', () => {
    expect(grantIn('ko', 'rentals')).toMatch(/rentals.*대납/)
    expect(grantIn('ko', null)).toMatch(/발신자/)
  })

  it('of an alert is told in Korean with its figure', () => {
    const alert = { kind: 'depositLow', subject: null, value: '1500000000000000000', title: 'Low' }
    expect(alertTextIn('ko', alert)?.title).toMatch(/예치금.*1\.5 WLC/)
    const budget = { kind: 'budgetNearlyUsed', subject: 'rentals/day/1', value: '82.5', title: '' }
    expect(alertTextIn('ko', budget)?.title).toBe('정책 예산의 82.5%가 쓰였거나 묶였습니다 (rentals)')
    expect(alertTextIn('en', alert)).toBeUndefined()
  })

  it('of a transaction is told in Korean with what it moves and to whom', () => {
    const says = { code: 'withdrawDeposit', values: { amountWei: '1000000000000000000', recipient: '0x12' } }
    expect(transactionIn('ko', says)).toBe('가스 예치금에서 1 WLC를 꺼내 0x12(으)로 보냅니다')
    expect(transactionIn('en', says)).toBeUndefined()
  })

  it('of an error of the admin API is told in Korean, and its own words with the figures stand behind', () => {
    const error = new ApiError(409, {
      code: 'depositHeld',
      message: '5 wei are held',
      hint: 'take 3 at most',
    })
    expect(sentenceOf(explain(error, 'ko'))).toMatch(
      /^예치금이 .*기다리세요\. 5 wei are held\. Take 3 at most\.$/,
    )
    expect(sentenceOf(explain(error, 'en'))).toBe('5 wei are held. Take 3 at most.')
  })

  it('of a field is told in Korean by its code, with the figures, and nothing of it in English', () => {
    const error = new ApiError(400, {
      ...{ code: 'malformed', message: 'limits.perSender.costWei: is above', hint: 'mend it' },
      field: 'limits.perSender.costWei',
      problem: { code: 'aboveWhole', values: { other: 'limits.global.costWei', amount: '5' } },
    })
    expect(explain(error, 'ko')).toMatchObject({
      ofField: 'limits.global.costWei(5)보다 큽니다. 낮추거나 전체 한도를 올리세요.',
    })
    expect(sentenceOf(explain(error, 'ko'))).not.toMatch(/is above|mend it/)
    expect(explain(error, 'en').ofField).toBeUndefined()
  })

  it('of a price, a revert and a drift is told in Korean', () => {
    const says = { code: 'stale', values: { symbol: 'TUSD', seconds: '90' } }
    expect(priceProblemIn('ko', says)).toBe('TUSD의 가격이 90초 전 것이라 너무 오래되었습니다')
    expect(priceProblemIn('en', says)).toBeUndefined()
    expect(priceProblemIn('ko', null)).toBeUndefined()
    expect(revertIn('ko', 'ERC20InsufficientBalance')).toMatch(/잔액/)
    expect(revertIn('ko', 'OfferPaused')).toBe('컨트랙트가 OfferPaused 오류로 되돌렸습니다.')
    expect(revertIn('en', 'OfferPaused')).toBeUndefined()
    expect(driftIn('ko', 'wrongCharge')).toMatch(/요금/)
  })

  it('stays in its own words where the console does not know them', () => {
    for (const name of ['constructor', 'newerThanThis', null]) {
      expect(refusalIn('ko', name)).toBeUndefined()
      expect(ruleIn('ko', name, {})).toBeUndefined()
    }
    const alert = { kind: 'toString', subject: null, value: '1', title: 'New' }
    expect(alertTextIn('ko', alert)).toBeUndefined()
    expect(explain(new ApiError(400, { code: 'valueOf', message: 'No', hint: '' }), 'ko').message).toBe('No')
  })
})
