// `npm run bench` from the outside, at a load small enough for a test: are its figures there and consistent?
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { GatewayFigures } from '../../scripts/bench/gateway/measureGateway.ts'
import type { PromiseFigures } from '../../scripts/bench/promises/measurePromises.ts'
import { descendantsOf, runCommand, untilAllEnded } from '../support/command.ts'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const stage = devnetStage({ serving: false })
const small = ['--accounts', '6', '--concurrency', '1,4', '--operations', '4,12']

type StageFigures = {
  concurrency: number
  operations: number
  accepted: number
  landed: number
  acceptMilliseconds: { p50: number; p95: number; p99: number }
  landedPerSecond: number
  operationsPerBundle: number
  gasPerOperation: number
  nodeCallsPerOperation?: number
  refusals: object
}
type RunFigures = {
  startMilliseconds?: number
  idleMebibytes?: number
  loadedMebibytes?: number
  estimateMilliseconds: { p50: number }
  stages: readonly StageFigures[]
}

function expectAllLanded(stages: readonly StageFigures[]): void {
  expect(stages).toMatchObject([
    { concurrency: 1, operations: 4, accepted: 4, landed: 4, refusals: {} },
    { concurrency: 4, operations: 12, accepted: 12, landed: 12, refusals: {} },
  ])
  for (const { acceptMilliseconds, landedPerSecond, operationsPerBundle, gasPerOperation } of stages) {
    expect(acceptMilliseconds.p50).toBeGreaterThan(0)
    expect(acceptMilliseconds.p99).toBeGreaterThanOrEqual(acceptMilliseconds.p95)
    expect(landedPerSecond).toBeGreaterThan(0)
    expect(operationsPerBundle).toBeGreaterThanOrEqual(1)
    // A no-op of a SimpleAccount, its share of the transaction included.
    expect(gasPerOperation).toBeGreaterThan(30_000)
    expect(gasPerOperation).toBeLessThan(100_000)
  }
}

describe('npm run bench', () => {
  it('starts our bundler, measures it as JSON, and leaves nothing running', async () => {
    const command = runCommand('bench.js', '--json', ...small)
    const family = new Set<number>()
    const watching = setInterval(() => {
      for (const pid of descendantsOf(command.pid)) family.add(pid)
    }, 200)
    const { code } = await command.ended
    clearInterval(watching)
    expect(code, command.stderr()).toBe(0)
    const [run] = (JSON.parse(command.stdout()) as { runs: readonly RunFigures[] }).runs
    expectAllLanded(run?.stages ?? [])
    expect(run?.estimateMilliseconds.p50).toBeGreaterThan(0)
    expect(run?.startMilliseconds).toBeGreaterThan(0)
    expect(run?.idleMebibytes).toBeGreaterThan(10)
    expect(run?.loadedMebibytes).toBeGreaterThan(10)
    for (const { nodeCallsPerOperation } of run?.stages ?? []) {
      expect(nodeCallsPerOperation).toBeGreaterThan(0)
    }
    await untilAllEnded(family)
  })

  it('measures a bundler that runs already, and leaves open what cannot be seen from outside', async () => {
    const keyFile = join(folder, 'faucet.key')
    writeFileSync(keyFile, stage.devnet.faucetKey)
    const command = runCommand(
      'bench.js',
      ...['--bundler-url', stage.devnet.bundlerUrl, '--rpc-url', stage.devnet.rpcUrl],
      ...['--faucet-key-file', keyFile, ...small],
    )
    expect((await command.ended).code, command.stderr()).toBe(0)
    const table = command.stdout()
    expect(table).toMatch(/^clients +1 +4$/m)
    expect(table).toMatch(/^landed \/ accepted \/ sent +4 \/ 4 \/ 4 +12 \/ 12 \/ 12$/m)
    expect(table).toMatch(/^accept p50, ms +[\d.]+ +[\d.]+$/m)
    expect(table).toMatch(/^node RPC calls per operation +– +–$/m)
    expect(table).toMatch(/^start-up, ms +–$/m)
  })

  it('leaves nothing running at Ctrl-C, wherever it is', async () => {
    const command = runCommand('bench.js', ...small)
    await eventually(
      'the load',
      async () => command.stderr(),
      text => text.includes('operations from'),
    )
    const family = descendantsOf(command.pid)
    expect(family.length).toBeGreaterThanOrEqual(3)
    command.signal('SIGINT')
    expect((await command.ended).code).toBe(130)
    await untilAllEnded(family)
  })

  it('says in a sentence what is wrong with its flags or its subject', async () => {
    const flags = runCommand('bench.js', '--runs', 'many')
    expect((await flags.ended).code).toBe(64)
    expect(flags.stderr()).toContain('--runs must be a whole number')
    const dead = runCommand('bench.js', '--bundler-command', 'echo no keys >&2; exit 3', ...small)
    expect((await dead.ended).code).toBe(1)
    expect(dead.stderr()).toMatch(/The bundler ended with 3:\n.*no keys/)
  })

  it('measures the gateway: every request is served, and all are redeemed together', async () => {
    const command = runCommand(
      'bench.js',
      '--gateway',
      '--json',
      ...['--concurrency', '1,4', '--operations', '4,12'],
    )
    expect((await command.ended).code, command.stderr()).toBe(0)
    const [run] = (JSON.parse(command.stdout()) as { runs: readonly GatewayFigures[] }).runs
    expect(run?.stages.slice(0, 2)).toMatchObject([
      { concurrency: 1, requests: 4, served: 4, refusals: {} },
      { concurrency: 4, requests: 12, served: 12, refusals: {} },
    ])
    expect(run?.coldMilliseconds).toBeGreaterThan(0)
    expect(run?.redemption.requests).toBe(run?.stages.reduce((sum, { served }) => sum + served, 0))
    expect(run?.redemption.gas).toBeGreaterThan(0)
    // Thousands of requests at a pace besides, which a busy machine does not keep up with.
  }, 400_000)

  it('measures promises: bundlers meet, and whoever sends to one has the word of another', async () => {
    const command = runCommand(
      'bench.js',
      '--promises',
      '--json',
      ...['--bundlers', '3', '--accounts', '12', '--concurrency', '4', '--operations', '12'],
    )
    expect((await command.ended).code, command.stderr()).toBe(0)
    const [run] = (JSON.parse(command.stdout()) as { runs: readonly PromiseFigures[] }).runs
    expect(run?.stages).toMatchObject([{ perSecond: 4, sent: 12, refusals: {} }])
    expect(run?.stages[0]?.promised).toBeGreaterThan(0)
    expect(run?.stages[0]?.promiseMilliseconds.p50).toBeGreaterThan(0)
  })
})
