import { describe, expect, it } from 'vitest'
import { ask, market, operationOf, reasonOf, sender, token, withinItself } from '../testing/question.ts'
import { judgeCalls } from './callsRule.ts'

const listed = { contracts: [{ address: market, functions: ['0x11223344'] }] }
const withSelf = { contracts: [...listed.contracts, { address: 'sender', functions: ['*'] }] }
const judge = (definition: object, operation: ReturnType<typeof operationOf>) =>
  reasonOf(ask(judgeCalls, definition, { operation }))

describe('the calls of a policy', () => {
  it('must all be listed, wherever they stand in the batch', () => {
    const good = { to: market, data: '0x11223344' } as const
    expect(judge(listed, operationOf([good, good]))).toBe('passed')
    for (const bad of [
      { to: token, data: '0x11223344' },
      { to: market, data: '0x99999999' },
      { to: market },
    ] as const) {
      expect(judge(listed, operationOf([good, bad, good]))).toBe('callNotAllowed')
    }
  })

  it('are looked at within a call of the account to itself, which is no way around them', () => {
    const good = withinItself({ to: market, data: '0x11223344' })
    const bad = withinItself({ to: token, data: '0xa9059cbb' })
    expect(judge(withSelf, operationOf([good]))).toBe('passed')
    expect(judge(withSelf, operationOf([bad]))).toBe('callNotAllowed')
    expect(judge(withSelf, operationOf([withinItself(withinItself({ to: token }))]))).toBe('callNotAllowed')
    let deep = good
    for (let level = 0; level < 6; level++) deep = withinItself(deep)
    expect(judge(withSelf, operationOf([deep]))).toBe('unknownCallEncoding')
    expect(judge(withSelf, operationOf([{ to: sender, data: '0xdeadbeef' }]))).toBe('passed')
  })

  it('must be readable', () => {
    expect(judge(listed, operationOf([], { callData: '0xdeadbeef' }))).toBe('unknownCallEncoding')
    expect(judge(listed, operationOf([]))).toBe('callNotAllowed')
  })
})
