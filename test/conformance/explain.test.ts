// worldland_explainUserOperation and `worldland-bundler explain`: all that is wrong, and how to mend it.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, numberToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { resultOf } from '../support/rpc.ts'
import { deployTestEntities, type TestEntities } from '../support/testEntities.ts'
import { hashOf, paidBy, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

type Explanation = {
  readonly accepted: boolean
  readonly problems: readonly { code: number; message: string; data: Record<string, unknown> }[]
  readonly entities: readonly Record<string, unknown>[]
  readonly gas: readonly Record<string, string>[]
  readonly state?: string
}

const folder = workFolder()
let chain: TestChain
let bundler: Daemon
let entities: TestEntities
let honest: Address
let clockReader: Address

beforeAll(async () => {
  chain = await startTestChain()
  entities = await deployTestEntities(chain.faucet)
  honest = await entities.account('HonestAccount')
  clockReader = await entities.account('ReadsTimestamp')
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const explain = (...params: readonly unknown[]): Promise<Explanation> =>
  resultOf(bundler.url, 'worldland_explainUserOperation', ...params)
const rulesOf = ({ problems }: Explanation) =>
  problems.map(({ code, data }) => data.rule ?? data.field ?? code)

describe('worldland_explainUserOperation', () => {
  it('has nothing against a good operation, and tells what its gas is used for', async () => {
    const explanation = await explain(wireOperation(honest), entryPoint07Address)
    expect(explanation).toMatchObject({ accepted: true, problems: [] })
    expect(explanation.entities).toMatchObject([
      { entity: 'account', address: honest, isStaked: false, reputation: { status: 'ok' } },
    ])
    expect(explanation.gas.map(({ field }) => field)).toEqual(['verificationGasLimit', 'preVerificationGas'])
    expect(Number(explanation.gas[0]?.used)).toBeGreaterThan(1_000)
  })

  it('tells every problem, not only the first: fields, rules and what waits in the mempool', async () => {
    const poor = await entities.paymaster('GenerousPaymaster', 20_000_000_000_000_000n)
    const operation = wireOperation(clockReader, { ...paidBy(poor), preVerificationGas: numberToHex(1_000) })
    await chain.whilePaused(async () => {
      await resultOf(
        bundler.url,
        'eth_sendUserOperation',
        wireOperation(honest, paidBy(poor)),
        entryPoint07Address,
      )
      const explanation = await explain(operation)
      expect(explanation.accepted).toBe(false)
      expect(rulesOf(explanation)).toEqual(['preVerificationGas', 'OP-011', 'preVerificationGas', 'EREP-010'])
      for (const { data } of explanation.problems) expect(data.hint).toBeTruthy()
    })
  })

  it('explains what waits by its hash, and knows nothing of strangers', async () => {
    const operation = wireOperation(honest)
    await chain.whilePaused(async () => {
      await resultOf(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)
      expect(await explain(hashOf(operation))).toMatchObject({ accepted: true, problems: [] })
    })
    expect(await explain(`0x${'ab'.repeat(32)}`)).toBeNull()
  })

  it('gives the EntryPoint’s own words where it refuses', async () => {
    const { problems } = await explain(wireOperation(`0x${'12'.repeat(20)}`))
    expect(problems[0]).toMatchObject({ code: -32500, message: expect.stringMatching(/^AA20/) })
  })
})

describe('worldland-bundler explain', () => {
  const run = (
    ...args: readonly string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise(resolve => {
      const child = spawn(process.execPath, [
        join(workspaceRoot, 'bundler/packed/main.js'),
        'explain',
        ...args,
      ])
      const output = { stdout: '', stderr: '' }
      child.stdout.on('data', chunk => (output.stdout += chunk))
      child.stderr.on('data', chunk => (output.stderr += chunk))
      child.on('close', code => resolve({ code, ...output }))
    })
  const file = (name: string): string => join(folder, name)

  it('tells a person what is wrong and how to mend it, and again from the saved trace, without a node', async () => {
    writeFileSync(file('operation.json'), JSON.stringify(wireOperation(clockReader)))
    const trace = file('trace.json')
    const live = await run(file('operation.json'), '--rpc-url', chain.rpcUrl, '--save-trace', trace)
    expect(live).toMatchObject({ code: 1, stderr: '' })
    expect(live.stdout).toMatch(/^REFUSED {2}0x[0-9a-f]{64}\n/)
    expect(live.stdout).toContain('[OP-011] account uses banned opcode: TIMESTAMP  (-32502)')
    expect(live.stdout).toContain('mend   return validAfter and validUntil in validationData')
    expect(await run('--trace', trace)).toEqual(live)
    const json = await run('--trace', trace, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      accepted: false,
      problems: [{ data: { rule: 'OP-011' } }],
    })
  })

  it('exits with 0 for a good operation', async () => {
    writeFileSync(file('good.json'), JSON.stringify({ params: [wireOperation(honest), entryPoint07Address] }))
    expect(await run(file('good.json'), '--rpc-url', chain.rpcUrl)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing speaks against it'),
    })
  })

  it('says what it needs', async () => {
    expect(await run()).toMatchObject({ code: 64, stderr: expect.stringContaining('--rpc-url') })
    writeFileSync(file('other.json'), '{}')
    expect(await run('--trace', file('other.json'))).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('no trace'),
    })
  })
})
