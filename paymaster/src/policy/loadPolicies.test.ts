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
  contracts: [{ address: market, functions: ['0x12345678'] }],
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
    const policy = only({ ...minimal, contracts: undefined, factories: 'any' })
    expect(policy).toMatchObject({ isDefault: false, validitySeconds: 180, costPerOperationWei: 10n ** 16n })
    expect(policy.functions.size).toBe(0)
    expect(only(minimal).factories).toEqual(new Set())
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
    const limits = { costPerOperationWei: 'much', global: { costWei: '1ether', window: 'year' } }
    const message = refusal({
      policies: [
        { ...minimal, limits, contracts: [{ address: '0x12', functions: ['open(uint256'] }], colour: 'red' },
      ],
    })
    expect(message).toContain('policies[0].limits.costPerOperationWei must be an amount such as')
    expect(message).toContain(
      'policies[0].limits.global.window must be one of "hour", "day", "week", "month", "total"',
    )
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

  it.each([
    [
      'a budget of nothing',
      { limits: { ...minimal.limits, global: { costWei: '0' } } },
      'limits.global.costWei is 0',
    ],
    [
      'a cost of nothing',
      { limits: { ...minimal.limits, costPerOperationWei: '0wei' } },
      'limits.costPerOperationWei is 0',
    ],
    [
      'an amount below nothing',
      { limits: { ...minimal.limits, costPerOperationWei: -1 } },
      'limits.costPerOperationWei must be an amount',
    ],
    [
      'more wei than there can be',
      { limits: { ...minimal.limits, global: { costWei: `1${'0'.repeat(40)}` } } },
      'limits.global.costWei is 1',
    ],
    [
      'one operation above the whole budget',
      { limits: { costPerOperationWei: '2ether', global: { costWei: '1ether' } } },
      'limits.costPerOperationWei is above limits.global.costWei',
    ],
    [
      "one operation above a sender's share",
      { limits: { ...minimal.limits, perSender: { costWei: '0.001ether' } } },
      'limits.costPerOperationWei is above limits.perSender.costWei',
    ],
    [
      'a share above the whole',
      { limits: { ...minimal.limits, perSender: { costWei: '2ether' } } },
      'limits.perSender.costWei is above limits.global.costWei',
    ],
    [
      'a share that limits nothing',
      { limits: { ...minimal.limits, perSender: {} } },
      'limits.perSender limits nothing',
    ],
    [
      'an end before the beginning',
      { startsAt: '2100-01-02T00:00:00Z', endsAt: '2100-01-01T00:00:00Z' },
      'endsAt is not after startsAt',
    ],
    ['neither a call nor a deployment', { contracts: [] }, 'contracts names no call'],
    ['a list of nobody', { senders: { allow: [] } }, 'senders.allow is empty'],
    [
      'an address that is allowed and blocked',
      { senders: { allow: [market], block: [market.toLowerCase()] } },
      'senders allows and blocks 0xabcdef',
    ],
    [
      'an address with a wrong checksum',
      { contracts: [{ address: market.replace('A', 'a'), functions: ['*'] }] },
      'contracts[0].address has a wrong checksum',
    ],
    ['the zero address', { factories: [`0x${'0'.repeat(40)}`] }, 'factories[0] is the zero address'],
    ['an empty name', { name: ' ' }, 'name must not be empty'],
    ['a field that there is not', { budget: '1ether' }, 'has no field "budget"'],
  ])('refuses %s, by the name of its field', (_, change, problem) => {
    expect(refusal({ policies: [{ ...minimal, ...change }] })).toContain(
      `policies[0]${problem.startsWith('has') ? ' ' : '.'}${problem}`,
    )
  })

  it('refuses a policy that is over when it is asked to, and only then: a restart must not fail for it', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'policies-')), 'policies.json')
    writeFileSync(path, JSON.stringify({ policies: [{ ...minimal, endsAt: '2026-01-01T00:00:00Z' }] }))
    expect(loadPolicies(path).ok).toBe(true)
    expect(loadPolicies(path, { endedBefore: Date.parse('2026-01-02') / 1000 })).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('policies[0].endsAt is in the past') },
    })
  })

  it('says what is wrong with a file that is missing or no JSON', () => {
    expect(refusal('{')).toMatch(/^the policy file \(--policies\): .* is not JSON/)
    const missing = loadPolicies('/nowhere/policies.json')
    expect(missing).toMatchObject({
      ok: false,
      refusal: { message: 'the policy file (--policies): there is no file /nowhere/policies.json' },
    })
  })
})
