import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { loadPolicies } from './loadPolicies.ts'

const market = '0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD'
const minimal = {
  id: 'demo',
  name: 'Demo',
  limits: { costPerOperationWei: '0.01ether', global: { costWei: '1ether' } },
}

function load(content: unknown) {
  const path = join(mkdtempSync(join(tmpdir(), 'policies-')), 'policies.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return loadPolicies(path)
}

function refusal(content: unknown): string {
  const loaded = load(content)
  if (loaded.ok) throw new Error('the file was accepted')
  return loaded.refusal.message
}

function only(policy: object) {
  const loaded = load({ policies: [policy] })
  if (!loaded.ok) throw new Error(loaded.refusal.message)
  const [first] = loaded.value
  if (first === undefined) throw new Error('no policy')
  return first
}

describe('the policy file', () => {
  it('gives what is left out the safe meaning: no calls, no deployment, everyone, day budgets', () => {
    const policy = only(minimal)
    expect(policy).toMatchObject({ isDefault: false, validitySeconds: 300, costPerOperationWei: 10n ** 16n })
    expect(policy.functions.size).toBe(0)
    expect(policy.factories).toEqual(new Set())
    expect(policy.allowedSenders).toBeUndefined()
    expect(policy.global).toEqual({ costWei: 10n ** 18n, window: 'day' })
    expect(policy.onChainId).toMatch(/^0x[0-9a-f]{32}$/)
  })

  it('takes functions as signatures, selectors, plain transfers or all, and joins what one contract is given', () => {
    const selector = toFunctionSelector('open(uint256,(address,uint256)[])')
    const policy = only({
      ...minimal,
      contracts: [
        { address: market, functions: ['open(uint,(address to,uint256 amount)[] list)', '0x12345678'] },
        { address: market.toLowerCase(), functions: ['0x'] },
        { address: 'sender', functions: ['*'] },
      ],
    })
    expect(policy.functions.get(market.toLowerCase() as never)).toEqual(
      new Set([selector, '0x12345678', '0x']),
    )
    expect(policy.functions.get('sender')).toBe('any')
  })

  it('names the place of every mistake', () => {
    const limits = { costPerOperationWei: 'much', global: { costWei: '1ether', window: 'week' } }
    const message = refusal({
      policies: [
        { ...minimal, limits, contracts: [{ address: '0x12', functions: ['open(uint256'] }], colour: 'red' },
      ],
    })
    expect(message).toContain('policies[0].limits.costPerOperationWei must be an amount such as')
    expect(message).toContain('policies[0].limits.global.window must be "day" or "total"')
    expect(message).toContain('policies[0].contracts[0].address must be an address or "sender"')
    expect(message).toContain('policies[0].contracts[0].functions[0] must be a signature such as')
    expect(message).toContain('"colour"')
  })

  it('insists on a budget for everybody together', () => {
    expect(refusal({ policies: [{ ...minimal, limits: { costPerOperationWei: '1' } }] })).toContain(
      'policies[0].limits.global',
    )
  })

  it('refuses two policies of one id, and two defaults', () => {
    expect(refusal({ policies: [minimal, minimal] })).toContain('two policies have the id "demo"')
    const first = { ...minimal, default: true }
    expect(refusal({ policies: [first, { ...first, id: 'other' }] })).toContain('only one policy')
  })

  it('says what is wrong with a file that is missing or no JSON', () => {
    expect(refusal('{')).toContain('Cannot read the policy file')
    const missing = loadPolicies('/nowhere/policies.json')
    expect(missing).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('ENOENT') } })
  })
})
