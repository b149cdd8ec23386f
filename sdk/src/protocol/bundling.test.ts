import { readdirSync, readFileSync } from 'node:fs'
import { hashTypedData } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  bundleCommitTypes,
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
  inclusionPromiseTypes,
} from './bundling.ts'

const folder = new URL('../../../contracts/src/bundling/', import.meta.url)
const solidity = readdirSync(folder)
  .filter(name => name.endsWith('.sol'))
  .map(name => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')
  // A string that is broken over lines is one.
  .replaceAll(/"\s+"/g, '')

const typesSigned = {
  ...bundlerRegistrationTypes,
  ...executorConsentTypes,
  ...inclusionPromiseTypes,
  ...bundleCommitTypes,
}

describe('what bundlers sign', () => {
  it.each(Object.entries(typesSigned))('is the %s that the contracts hash', (name, types) => {
    const fields = types.map(field => `${field.type} ${field.name}`)
    expect(solidity).toContain(`"${name}(${fields})"`)
  })

  it('is bound to one chain and one contract', () => {
    expect(solidity).toContain('EIP712("WorldlandBundling", "1")')
    const digest = (chainId: number, digit: string) =>
      hashTypedData({
        domain: bundlingDomain(chainId, `0x${digit.repeat(40)}`),
        types: bundlerRegistrationTypes,
        primaryType: 'BundlerRegistration',
        message: { operator: `0x${'a'.repeat(40)}` },
      })
    expect(new Set([digest(103, '1'), digest(104, '1'), digest(103, '2')]).size).toBe(3)
  })
})
