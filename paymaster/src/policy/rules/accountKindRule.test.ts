import { describe, expect, it } from 'vitest'
import { ask, operationOf, problemsOf, reasonOf, token } from '../testing/question.ts'
import { judgeAccountKind } from './accountKindRule.ts'

const [proxy, implementation, other] = ['11', '22', '33'].map(byte => `0x${byte.repeat(32)}` as const) as [
  `0x${string}`,
  `0x${string}`,
  `0x${string}`,
]
const kinds = {
  accountKinds: [{ name: 'SimpleAccount', codeHash: proxy, implementationCodeHash: implementation }],
}
const judge = (account: object | undefined, change = {}) =>
  reasonOf(
    ask(judgeAccountKind, kinds, {
      operation: operationOf([], change),
      ...(account && { facts: { account } }),
    }),
  )

describe('the kind of an account', () => {
  it('is known by the code of the proxy and of what stands behind it, never by one of them', () => {
    expect(judge({ codeHash: proxy, implementationCodeHash: implementation })).toBe('passed')
    expect(judge({ codeHash: proxy, implementationCodeHash: other })).toBe('accountKindNotAllowed')
    expect(judge({ codeHash: other, implementationCodeHash: implementation })).toBe('accountKindNotAllowed')
    expect(judge({ codeHash: proxy })).toBe('accountKindNotAllowed')
    expect(judge(undefined)).toBe('accountKindNotAllowed')
  })

  it('is its factory to say where it is not deployed, and nobody without one', () => {
    expect(judge({}, { factory: token, factoryData: '0x' })).toBe('passed')
    expect(judge({})).toBe('accountKindNotAllowed')
  })

  it('cannot be asked for while any factory may deploy', () => {
    expect(problemsOf({ ...kinds, factories: 'any' })).toEqual([
      expect.stringMatching(/^factories is "any" beside accountKinds/),
    ])
  })
})
