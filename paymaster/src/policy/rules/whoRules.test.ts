// Who asks: the API key, the sender, the factory that makes its account.
import { describe, expect, it } from 'vitest'
import { ask, market, operationOf, reasonOf, sender, token } from '../testing/question.ts'
import { judgeApiKey } from './apiKeyRule.ts'
import { judgeFactory } from './factoryRule.ts'
import { judgeSender } from './senderRule.ts'

const operation = operationOf([])

describe('the API keys of a policy', () => {
  it('are for everybody where it names none, and else for these alone', () => {
    expect(reasonOf(ask(judgeApiKey, {}))).toBe('passed')
    const keyed = { apiKeys: ['key_one', 'key_two'] }
    expect(reasonOf(ask(judgeApiKey, keyed, { apiKeyId: 'key_two' }))).toBe('passed')
    expect(reasonOf(ask(judgeApiKey, keyed, { apiKeyId: 'key_three' }))).toBe('apiKeyNotAllowed')
    expect(reasonOf(ask(judgeApiKey, keyed))).toBe('apiKeyNotAllowed')
  })
})

describe('the senders of a policy', () => {
  it('are everybody but those that are blocked, or those that it names', () => {
    expect(reasonOf(ask(judgeSender, {}, { operation }))).toBe('passed')
    expect(reasonOf(ask(judgeSender, { senders: { block: [sender] } }, { operation }))).toBe(
      'senderNotAllowed',
    )
    expect(reasonOf(ask(judgeSender, { senders: { allow: [market] } }, { operation }))).toBe(
      'senderNotAllowed',
    )
    expect(reasonOf(ask(judgeSender, { senders: { allow: [sender] } }, { operation }))).toBe('passed')
  })
})

describe('the factories of a policy', () => {
  it('are asked about deployments only', () => {
    const deploying = operationOf([], { factory: token, factoryData: '0x' })
    expect(reasonOf(ask(judgeFactory, {}, { operation }))).toBe('passed')
    expect(reasonOf(ask(judgeFactory, {}, { operation: deploying }))).toBe('factoryNotAllowed')
    expect(reasonOf(ask(judgeFactory, { factories: [token] }, { operation: deploying }))).toBe('passed')
    expect(reasonOf(ask(judgeFactory, { factories: 'any' }, { operation: deploying }))).toBe('passed')
  })
})
