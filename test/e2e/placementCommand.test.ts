// worldland-rent as a person runs it: a process of its own against a market that serves, the state file all that is kept
// between its runs.
import { spawn } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { type Hex, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { landed } from '../support/marketCast.ts'
import { giveTokens } from '../support/money.ts'
import { castProviders, type PlacementProvider, placementModel } from '../support/placementCast.ts'
import { workFolder } from '../support/workFolder.ts'

// A machine under load takes long to estimate, and is no caller to be limited.
const stage = devnetStage({ serving: true, daemonSettings: { bundler: { unpaidMillisecondsPerSecond: 0 } } })
const folder = workFolder()
const program = join(workspaceRoot, 'sdk/packed/rent.js')
const key: Hex = generatePrivateKey()
const contractsFile = join(folder, 'contracts.json')

let providers: readonly PlacementProvider[]
let payer: Hex
beforeAll(async () => {
  const { contracts, rpcUrl, bundlerUrl } = stage.devnet
  writeFileSync(contractsFile, JSON.stringify({ contracts, rpcUrl, bundlerUrl }))
  const account = await toComputeAccount({ client: stage.client, contracts, owner: privateKeyToAccount(key) })
  payer = account.address
  await giveTokens(stage, payer, parseEther('10'))
  const pricePerSecondWei = parseEther('0.0001')
  providers = await castProviders(stage, [
    { name: 'first', region: 'TT-First', pricePerSecondWei },
    { name: 'second', region: 'TT-Second', pricePerSecondWei: pricePerSecondWei * 2n },
  ])
}, 120_000)

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

async function command(args: readonly string[], environment: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args, '--contracts-file', contractsFile], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, stdout, stderr }
}
const withKey = { WORLDLAND_RENT_KEY: key }
const twoMachines = ['--machines', '2', '--gpu', '4090', '--hours', '1', '--spread', 'regions']

type KeptState = { placement?: object; sending?: object }
function changeState(path: string, change: (state: KeptState) => KeptState): void {
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))))
}

function leaseIdsIn(name: string): readonly (readonly string[])[] {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')).placement.leaseIds
}

async function leaseCount(): Promise<bigint> {
  return await stage.client.readContract({
    address: stage.devnet.contracts.instanceLease,
    abi: [
      {
        type: 'function',
        name: 'leaseCount',
        inputs: [],
        outputs: [{ type: 'uint256' }],
        stateMutability: 'view',
      },
    ],
    functionName: 'leaseCount',
  })
}

describe('worldland-rent', { timeout: 120_000 }, () => {
  it('plan says what it would take and why, and why not the rest, without a key', async () => {
    const { code, stdout } = await command(['plan', ...twoMachines])
    expect(code).toBe(0)
    expect(stdout).toMatch(/KR-Seoul .*RTX 4090.* 0\.5\n/)
    expect(stdout).toMatch(/KR-Gwangju .*RTX 4090.* 0\.55\n/)
    expect(stdout).toContain('0: the best of 2 offers that fit, at 0.5 tokens an hour')
    expect(stdout).toContain('at most 1.05 for 1 hour')
    expect(stdout).toMatch(/Not taken.*its GPU is another one, NVIDIA A100 80GB \(and \d+ more/s)
  })

  it('says in a sentence what it cannot do, and ends with the code that says whether trying again may help', async () => {
    const tooDear = await command(['plan', ...twoMachines, '--budget', '1'])
    expect(tooDear).toMatchObject({ code: 1, stdout: expect.stringContaining('costs 1.0') })
    for (const [args, said] of [
      [['plan', '--machines', '2'], 'for how long'],
      [['plan', '--machines', 'two', '--hours', '1'], 'whole number'],
      [['plan', '--hours', '1', '--spread', 'wide'], 'providers, regions or close'],
      [['rent', '--hours', '1'], '--key-file'],
      [['rent', '--hours', '1', '--key', key], "Unknown option '--key'"],
      [['dance'], 'no command "dance"'],
    ] as const) {
      expect(await command(args)).toMatchObject({ code: 64, stderr: expect.stringContaining(said) })
    }
    const keyFile = join(folder, 'owner.key')
    writeFileSync(keyFile, key, { mode: 0o644 })
    const readable = await command(['rent', ...twoMachines, '--key-file', keyFile])
    expect(readable).toMatchObject({ code: 78, stderr: expect.stringContaining('Others may read') })
    expect(readable.stderr).not.toContain(key.slice(2))
    const silent = await command(['plan', ...twoMachines, '--rpc-url', 'http://127.0.0.1:9'])
    expect(silent).toMatchObject({ code: 69, stderr: expect.stringContaining('Nothing answers') })
  })

  it('says before anything is sent what an account lacks, gas included, and which file is none', async () => {
    const { code, stderr } = await command(['rent', ...twoMachines, '--yes'], {
      WORLDLAND_RENT_KEY: generatePrivateKey(),
    })
    expect(code).toBe(1)
    expect(stderr).toMatch(/holds 0 tokens: 1\.05 for the time and at most 0\.0\d+ for gas are needed/)
    expect(stderr).toMatch(/Send it 1\.05\d+ tokens, or wrap as much coin for it/)
    expect(await command(['rent', ...twoMachines, '--request-file', 'nowhere.json'], withKey)).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('There is no file nowhere.json'),
    })
    const notJson = join(folder, 'mistaken.key')
    writeFileSync(notJson, key.slice(2), { mode: 0o600 })
    const mistaken = await command(['rent', ...twoMachines, '--request-file', notJson], withKey)
    expect(mistaken).toMatchObject({ code: 78, stderr: expect.stringContaining('is not JSON') })
    expect(mistaken.stderr).not.toContain(key.slice(2, 8))
  })

  it('rent asks first: without a terminal and without --yes nothing is rented', async () => {
    const before = await leaseCount()
    const { code, stderr } = await command(['rent', ...twoMachines], withKey)
    expect(code).toBe(64)
    expect(stderr).toContain('--yes')
    expect(await leaseCount()).toBe(before)
  })

  it('rents, shows the ways into the machines, survives being stopped while it sent, and stops them', async () => {
    const stateFile = join(folder, 'worldland-rent.json')
    const before = await leaseCount()
    const rented = await command(['rent', ...twoMachines, '--yes'], withKey)
    expect(rented).toMatchObject({ code: 0, stderr: '' })
    expect(rented.stdout).toContain('Rented: leases')
    expect(await leaseCount()).toBe(before + 2n)
    expect(statSync(stateFile).mode & 0o777).toBe(0o600)
    for (const text of [rented.stdout, readFileSync(stateFile, 'utf8')])
      expect(text).not.toContain(key.slice(2))

    const { stdout } = await eventually(
      'both machines being ready',
      () => command(['status']),
      status => (status.stdout.match(/running/g) ?? []).length === 2,
    )
    // With what the provider says besides, such as where the terminal is.
    expect(stdout.match(/ssh -p \d+ \S+@\S+; simulated/g)).toHaveLength(2)

    // As a run leaves it that ends between sending and its answer.
    const { placement } = JSON.parse(readFileSync(stateFile, 'utf8')) as {
      placement: { plan: object; fromBlock: string }
    }
    const { placement: _, ...rest } = JSON.parse(readFileSync(stateFile, 'utf8'))
    const sending = { plan: placement.plan, fromBlock: `${BigInt(placement.fromBlock) - 1n}` }
    changeState(stateFile, () => ({ ...rest, sending }))
    const again = await command(['rent', ...twoMachines, '--yes'], withKey)
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('have not all ended') })
    expect(await leaseCount()).toBe(before + 2n)
    expect(JSON.parse(readFileSync(stateFile, 'utf8')).placement).toEqual(placement)

    expect(await command(['stop', '--yes'], withKey)).toMatchObject({ code: 0, stderr: '' })
    const ended = await command(['status', '--json'])
    const { machines } = JSON.parse(ended.stdout) as {
      machines: { condition: string; lease: { state: string } }[]
    }
    expect(machines.map(({ lease }) => lease.state)).toEqual(['settled', 'settled'])
  })

  it('watches: replaces a machine that its provider stopped, within a budget that was raised for it, and ends where nobody is left', async () => {
    const state = ['--state-file', 'other.json']
    const needs = ['--gpu', placementModel, '--seconds', '600', ...state]
    expect(await command(['rent', ...needs, '--yes'], withKey)).toMatchObject({ code: 0, stderr: '' })
    const [first, second] = providers
    const [[firstId] = []] = leaseIdsIn('other.json')
    const leaseId = BigInt(firstId ?? 0)
    if (first === undefined || second === undefined) throw new Error('There are two providers')
    await landed(first, first.client.stopAsProvider({ leaseId }))
    const dear = await command(['replace', '--yes', ...state], withKey)
    expect(dear).toMatchObject({ code: 1, stderr: expect.stringContaining('above the budget') })
    const watching = command(['replace', '--watch', '--yes', '--budget', '0.12', ...state], withKey)
    const { stdout } = await eventually(
      'the machine being replaced',
      () => command(['status', ...state]),
      status => /TT-Second .*waiting/.test(status.stdout),
    )
    expect(stdout).toContain('1 lost so far')
    const busy = await command(['stop', '--yes', ...state], withKey)
    expect(busy).toMatchObject({
      code: 69,
      stderr: expect.stringContaining('Another worldland-rent acts on'),
    })
    const [[, secondId] = []] = leaseIdsIn('other.json')
    await landed(second, second.client.stopAsProvider({ leaseId: BigInt(secondId ?? 0) }))
    expect(await watching).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Machine 0 is replaced by lease'),
      stderr: expect.stringContaining('nothing can take its place'),
    })
    const over = await command(['stop', '--yes', ...state], withKey)
    expect(over).toMatchObject({ code: 1, stderr: expect.stringContaining('have ended already') })
  })
})
