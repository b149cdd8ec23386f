// Rules are told as they were decided, however they are kept.
import { expect, it } from 'vitest'
import { outcomeBy, refusedBy } from '../policy/ruleOutcome.ts'
import { keepRules, readRules } from './keptRules.ts'

const refusal = { code: -32501, message: 'Too dear: lower it', data: { reason: 'costTooHigh' } }
const rules = [
  outcomeBy('calls', true, 'callsListed', { count: '3' }),
  refusedBy('cost', refusal),
  outcomeBy('bans', null, 'notAsked'),
]

it('come back with sentence, code and values, though the sentences of what passed are not kept', () => {
  const kept = keepRules(rules)
  expect(kept).not.toContain('all of them listed')
  expect(readRules(kept)).toMatchObject([
    { rule: 'calls', passed: true, detail: '3 calls, all of them listed', values: { count: '3' } },
    { rule: 'cost', passed: false, detail: 'Too dear: lower it', code: 'costTooHigh' },
    { rule: 'bans', passed: null, detail: 'not asked', code: 'notAsked' },
  ])
})

it('come back as they were kept before there were codes', () => {
  const before = [{ rule: 'calls', passed: true, detail: '3 calls, all of them listed' }]
  expect(readRules(JSON.stringify(before))).toEqual(before)
})

it('are bounded, whatever a stranger writes into a value', () => {
  const long = outcomeBy('webhook', true, 'webhookSays', { answer: 'x'.repeat(5_000) })
  const kept = keepRules(Array.from({ length: 100 }, () => long))
  expect(kept.length).toBeLessThan(32 * 600)
  expect(readRules(kept)).toHaveLength(32)
})
