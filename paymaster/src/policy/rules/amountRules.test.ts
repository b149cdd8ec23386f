// How much: the coin sent along, the gas of one operation, the token that its calls spend and the price that they agree to.
import { describe, expect, it } from 'vitest'
import type { OperationSpend } from '../facts/operationSpend.ts'
import { ask, market, operationOf, reasonOf, token } from '../testing/question.ts'
import { judgeCost } from './costRule.ts'
import { judgeProviders } from './providersRule.ts'
import { judgeSpend } from './spendRule.ts'
import { judgeValue } from './valueRule.ts'

describe('the coin of an operation', () => {
  it('is bounded over all its calls together', () => {
    const sends = (...wei: bigint[]) =>
      reasonOf(
        ask(
          judgeValue,
          { valuePerOperationWei: '10' },
          { operation: operationOf(wei.map(valueWei => ({ to: market, valueWei }))) },
        ),
      )
    expect(sends(10n)).toBe('passed')
    expect(sends(5n, 5n)).toBe('passed')
    expect(sends(5n, 6n)).toBe('valueTooHigh')
  })
})

describe('the gas of an operation', () => {
  it('is paid up to the limit and not a wei more', () => {
    expect(reasonOf(ask(judgeCost, {}, { maxCostWei: 10n ** 16n }))).toBe('passed')
    expect(reasonOf(ask(judgeCost, {}, { maxCostWei: 10n ** 16n + 1n }))).toBe('costTooHigh')
    expect(reasonOf(ask(judgeCost, {}))).toBe('passed')
  })
})

const spend = (tokenWei: bigint, pricePerSecondWei?: bigint, provider = token): OperationSpend => ({
  ok: true,
  tokenWei,
  token: { symbol: 'SIX', decimals: 6 },
  calls: [
    { callIndex: 0, tokenWei, provider, ...(pricePerSecondWei === undefined ? {} : { pricePerSecondWei }) },
  ],
})
const limits = { costPerOperationWei: '0.01ether', global: { costWei: '1ether' } }

describe('what an operation spends of the token', () => {
  const capped = { limits: { ...limits, tokenPerOperationWei: '100' } }

  it('is bounded to the wei, and refused where it cannot be read', () => {
    expect(reasonOf(ask(judgeSpend, {}))).toBe('passed')
    expect(reasonOf(ask(judgeSpend, capped, { facts: { spend: spend(100n) } }))).toBe('passed')
    expect(reasonOf(ask(judgeSpend, capped, { facts: { spend: spend(101n) } }))).toBe('spendTooHigh')
    const unreadable = { ok: false, problem: 'of call 0 it is not known', remedy: 'mend it' } as const
    expect(reasonOf(ask(judgeSpend, capped, { facts: { spend: unreadable } }))).toBe('spendTooHigh')
    expect(reasonOf(ask(judgeSpend, capped))).toBe('spendTooHigh')
  })

  it('is told by the token’s own decimals and name', () => {
    const { detail } = ask(judgeSpend, capped, { facts: { spend: spend(100n) } })
    expect(detail).toBe('may spend 0.0001 SIX')
    const refused = ask(judgeSpend, capped, { facts: { spend: spend(1_500_000n) } })
    expect(refused.detail).toContain('may spend 1.5 SIX, more than the 0.0001 SIX that policy')
  })

  it('is asked of wherever a budget counts the token', () => {
    const budgeted = { limits: { ...limits, global: { costWei: '1ether', tokenWei: '5' } } }
    expect(reasonOf(ask(judgeSpend, budgeted))).toBe('spendTooHigh')
    expect(reasonOf(ask(judgeSpend, budgeted, { facts: { spend: spend(1n) } }))).toBe('passed')
  })

  it('is at no higher price than the ceiling', () => {
    const dear = { market: { contracts: [market], pricePerSecondAtMostWei: '7' } }
    expect(reasonOf(ask(judgeSpend, dear, { facts: { spend: spend(1n, 7n) } }))).toBe('passed')
    expect(reasonOf(ask(judgeSpend, dear, { facts: { spend: spend(1n, 8n) } }))).toBe('spendTooHigh')
  })
})

describe('the providers of a policy', () => {
  const registered = { market: { contracts: [market], providers: 'registered' } }
  const named = { market: { contracts: [market], providers: [token] } }

  it('are those of the registry, or those that it names', () => {
    const facts = (isRegistered: boolean) => ({
      spend: spend(1n),
      providers: new Map([[token, isRegistered]]),
    })
    expect(reasonOf(ask(judgeProviders, registered, { facts: facts(true) }))).toBe('passed')
    expect(reasonOf(ask(judgeProviders, registered, { facts: facts(false) }))).toBe('providerNotAllowed')
    expect(reasonOf(ask(judgeProviders, named, { facts: facts(false) }))).toBe('passed')
    expect(reasonOf(ask(judgeProviders, named, { facts: { spend: spend(1n, 1n, market) } }))).toBe(
      'providerNotAllowed',
    )
  })

  it('are refused where it cannot be read with whom the operation deals', () => {
    const unreadable = { ok: false, problem: 'it cannot be read', remedy: 'mend it' } as const
    expect(reasonOf(ask(judgeProviders, named, { facts: { spend: unreadable } }))).toBe('providerNotAllowed')
    expect(reasonOf(ask(judgeProviders, named))).toBe('providerNotAllowed')
  })
})
