import { describe, expect, it } from 'vitest'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { versionLimits } from './versionLimits.ts'

const numbers = Object.values(entryPointVersions).map(({ number }) => number)

describe('clauses that the official suites read otherwise', () => {
  it('let an unstaked paymaster return context with EntryPoint v0.7 alone, unless an operator decides', () => {
    const allowed = (setting: 'auto' | 'true' | 'false') =>
      numbers.filter(number => versionLimits(number, setting).allowUnstakedPaymasterContext)
    expect(allowed('auto')).toEqual(['0.7'])
    expect(allowed('true')).toEqual(numbers)
    expect(allowed('false')).toEqual([])
  })

  it('let a staked factory vouch for what the paymaster touches of the sender since v0.8', () => {
    const vouching = numbers.filter(number => versionLimits(number, 'auto').stakedFactoryVouchesForPaymaster)
    expect(vouching).toEqual(['0.8', '0.9'])
  })
})
