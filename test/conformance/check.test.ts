// `check` of both daemons, as an operator runs it before `start`: what it says of a house in order, and of each thing that
// is not.
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allowPaymasterSigner } from '../../scripts/deploy/paymasterSigners.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { anvilKey } from '../support/keys.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const signerKey = anvilKey(8)
const strangersKey = anvilKey(7)
const emptyKey = `0x${'7e'.repeat(32)}`
const unreachable = 'http://127.0.0.1:1'
let chain: TestChain

beforeAll(async () => {
  chain = await startTestChain()
  await allowPaymasterSigner({
    client: chain.faucet,
    paymaster: chain.deployment.contracts.paymaster,
    signer: privateKeyToAddress(signerKey),
  })
})
afterAll(() => chain?.stop())

type Checked = { readonly code: number; readonly said: string; readonly complained: string }

function check(
  daemon: 'bundler' | 'paymaster',
  flags: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<Checked> {
  const main = join(workspaceRoot, daemon, 'packed/main.js')
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])
  return new Promise(resolve => {
    // biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
    const env = { ...process.env, ...environment }
    execFile(process.execPath, [main, 'check', ...given], { env }, (error, said, complained) =>
      resolve({ code: Number(error?.code ?? 0), said, complained }),
    )
  })
}

const checkPaymaster = (flags: Record<string, string> = {}, keys: Record<string, string> = {}) =>
  check(
    'paymaster',
    {
      'rpc-url': chain.rpcUrl,
      paymaster: chain.deployment.contracts.paymaster,
      'data-file': join(folder, 'paymaster.sqlite'),
      ...flags,
    },
    {
      WORLDLAND_PAYMASTER_SIGNER_KEY: signerKey,
      WORLDLAND_PAYMASTER_TREASURY_KEY: chain.faucetKey,
      ...keys,
    },
  )

const checkBundler = (flags: Record<string, string> = {}, keys: string = anvilKey(1)) =>
  check(
    'bundler',
    { 'rpc-url': chain.rpcUrl, 'data-file': join(folder, 'bundler.sqlite'), ...flags },
    { WORLDLAND_BUNDLER_EXECUTOR_KEYS: keys },
  )

describe('worldland-paymaster check', () => {
  it('finds a house in order, says how much coin it wants, and leaves no file behind', async () => {
    const { code, said } = await checkPaymaster()
    expect(code).toBe(0)
    expect(said).toContain('worldland-paymaster start would serve')
    expect(said).not.toMatch(/^NO /m)
    expect(said).toMatch(/^ok {2}treasury +0x\w+ has [\d.]+; it wants [\d.]+/m)
    expect(existsSync(join(folder, 'paymaster.sqlite'))).toBe(false)
  })

  it.each([
    [
      'a signer that the contract does not trust',
      {},
      { WORLDLAND_PAYMASTER_SIGNER_KEY: strangersKey },
      'signer',
    ],
    ['a policy file that is not there', { policies: '/nowhere/policies.json' }, {}, 'policies'],
    ['an address without a paymaster', { paymaster: `0x${'11'.repeat(20)}` }, {}, 'contracts'],
    ['a treasury without coin', {}, { WORLDLAND_PAYMASTER_TREASURY_KEY: emptyKey }, 'treasury'],
  ])('says no to %s, by its name', async (_, flags, keys, subject) => {
    const { code, said, complained } = await checkPaymaster(flags as Record<string, string>, keys)
    expect(code).toBe(1)
    expect(said).toMatch(new RegExp(`^NO {2}${subject}`, 'm'))
    expect(complained).toContain('start would not serve')
  })

  it('says no to a policy whose webhook is signed by a secret that is not there, and to a file of secrets with a mistake', async () => {
    const policies = join(folder, 'policies.json')
    const webhook = { url: 'https://decide.example/', secret: 'desk' }
    const limits = { costPerOperationWei: '1', global: { costWei: '1' } }
    const contracts = [{ address: `0x${'11'.repeat(20)}`, functions: ['approve(address,uint256)'] }]
    const policy = { id: 'rentals', name: 'Rentals', contracts, limits, webhook }
    writeFileSync(policies, JSON.stringify({ policies: [policy] }))
    const without = await checkPaymaster({ policies })
    expect(without.code).toBe(1)
    expect(without.said).toMatch(/^NO {2}policies +webhook\.secret of policy "rentals" is no secret/m)
    const secrets = join(folder, 'secrets.json')
    const write = (secret: string) =>
      writeFileSync(secrets, JSON.stringify({ desk: secret }), { mode: 0o600 })
    write('no secret')
    const mistaken = await checkPaymaster({ policies, 'policy-secrets': secrets })
    expect(mistaken.said).toMatch(/^NO {2}policies .*desk must be whsec_/m)
    expect(mistaken.said).not.toContain('no secret')
    write(`whsec_${'A'.repeat(32)}`)
    const ready = await checkPaymaster({ policies, 'policy-secrets': secrets })
    expect(ready.said).toMatch(/^ok {2}policies +rentals/m)
    expect(ready.said).toMatch(/^ok {2}tip +none/m)
  })

  it('tells of a bundler that does not answer, which stops no start', async () => {
    const { code, said } = await checkPaymaster({ 'bundler-url': unreachable })
    expect(code).toBe(0)
    expect(said).toMatch(/^ok {2}bundler +http:\/\/127\.0\.0\.1:1 does not answer/m)
  })

  it('ends as unavailable where the node does not answer', async () => {
    const { code, complained } = await checkPaymaster({ 'rpc-url': unreachable })
    expect(code).toBe(69)
    expect(complained).toContain('is it running')
  })
})

describe('worldland-bundler check', () => {
  it('finds a node and an executor in order', async () => {
    const { code, said } = await checkBundler()
    expect(code).toBe(0)
    expect(said).toContain('worldland-bundler start would serve')
    expect(said).not.toMatch(/^NO /m)
  })

  it('is content with one executor that can send, and names the one that cannot', async () => {
    const { code, said } = await checkBundler({}, `${anvilKey(1)},${emptyKey}`)
    expect(code).toBe(0)
    expect(said).toContain(`${privateKeyToAddress(emptyKey as `0x${string}`)} has 0, below`)
  })

  it('says no where no executor has coin', async () => {
    const { code, said } = await checkBundler({}, emptyKey)
    expect(code).toBe(1)
    expect(said).toMatch(/^NO {2}executor/m)
  })

  it('says no to a file that is no database of a bundler', async () => {
    const file = join(folder, 'letter.txt')
    writeFileSync(file, 'Dear operator')
    const { code, said } = await checkBundler({ 'data-file': file })
    expect(code).toBe(1)
    expect(said).toMatch(/^NO .*letter\.txt/m)
  })

  it('ends as unavailable where the node does not answer', async () => {
    expect((await checkBundler({ 'rpc-url': unreachable })).code).toBe(69)
  })
})
