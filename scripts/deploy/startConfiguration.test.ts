import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundlerDefinition } from '@worldland-aa/bundler/config'
import { readNetworkFile } from '@worldland-aa/bundler/participation/join/networkFile'
import { paymasterDefinition } from '@worldland-aa/paymaster/config'
import { loadPolicies } from '@worldland-aa/paymaster/policy/loadPolicies'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeStartConfiguration } from './startConfiguration.ts'

const contracts = Object.fromEntries(
  [
    'token',
    'instanceLease',
    'paymaster',
    'computeAccountFactory',
    'simpleAccountFactory',
    'bundlerRegistry',
    'bundleGuard',
  ].map((name, index) => [name, `0x${String(index + 1).repeat(40)}`]),
) as ComputeContracts

describe('the files to start with', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'start-configuration-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const write = () =>
    writeStartConfiguration(folder, {
      rpcUrl: 'http://127.0.0.1:8545',
      chainId: 103,
      entryPoint: '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
      bundlerPort: 4337,
      paymasterPort: 4338,
      contracts,
    })
  const read = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>

  it('hold nothing but settings of the daemons that read them', () => {
    write()
    const known = [bundlerDefinition.settings, paymasterDefinition.settings]
    for (const [index, name] of ['bundler.json', 'paymaster.json'].entries()) {
      expect(Object.keys(known[index] as object)).toEqual(expect.arrayContaining(Object.keys(read(name))))
    }
    expect(read('paymaster.json')).toMatchObject({ paymaster: contracts.paymaster })
  })

  it('sponsor what a renter calls', () => {
    write()
    expect(loadPolicies(read('paymaster.json').policies ?? '')).toMatchObject({
      ok: true,
      value: [{ id: 'rentals' }],
    })
  })

  it('tell others where to join with a bundler', () => {
    write()
    expect(readNetworkFile(join(folder, 'network.json'))).toMatchObject({
      ok: true,
      value: { chainId: 103, bundlerRegistry: contracts.bundlerRegistry, bootnodes: [] },
    })
  })

  it('leave alone what an operator has written', () => {
    writeFileSync(join(folder, 'policies.json'), '{"policies":[]}')
    expect(write().map(({ outcome }) => outcome)).toEqual(['written', 'written', 'written', 'kept'])
    expect(read('policies.json')).toEqual({ policies: [] })
  })
})
