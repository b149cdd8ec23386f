// The service as a process: what an operator sees of it, and what survives its sudden end.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { paymasterConfig } from './testing/startPaymaster.ts'

const main = fileURLToPath(new URL('../packed/main.js', import.meta.url))
let chain: Chain
let running: Running | undefined

beforeAll(async () => {
  chain = await startChain()
})
afterEach(async () => {
  if (running?.child.exitCode === null) await running.end('SIGKILL')
})
afterAll(() => chain?.stop())

type Running = {
  readonly child: ChildProcess
  readonly printed: () => string
  end(signal: NodeJS.Signals): Promise<number | null>
}

function run(args: readonly string[], environment: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [main, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      printed += chunk
    })
  }
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  running = {
    child,
    printed: () => printed,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
  return running
}

async function served(process: Running): Promise<string> {
  for (;;) {
    const url = /"url":"(http:[^"]+)"/.exec(process.printed())?.[1]
    if (url !== undefined) return url
    if (process.child.exitCode !== null) throw new Error(process.printed())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function start(config: { dataFile: string; policies?: string | undefined }): Running {
  return run(
    [
      'start',
      ...['--rpc-url', chain.anvil.url, '--paymaster', chain.paymaster, '--port', '0'],
      ...['--data-file', config.dataFile, '--policies', config.policies ?? '', '--log-level', 'trace'],
    ],
    { WORLDLAND_PAYMASTER_SIGNER_KEY: chain.signerKey },
  )
}

describe('worldland-paymaster', () => {
  it('starts, serves, and stops in order at SIGTERM', async () => {
    const service = start(paymasterConfig(chain))
    const url = await served(service)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(await service.end('SIGTERM')).toBe(0)
  })

  it('never prints its keys', async () => {
    const config = paymasterConfig(chain, { policies: { policies: [welcomePolicy(chain)] } })
    const service = start(config)
    const account = await newAccount(chain)
    const client = viemClient(chain, await served(service), account, 'client')
    await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    await service.end('SIGTERM')
    expect(service.printed()).toContain('serving')
    expect(service.printed().toLowerCase()).not.toContain(chain.signerKey.slice(2).toLowerCase())
  })

  it('has not forgotten, after a sudden death, what it signed for', async () => {
    // A quarter of which one caller may hold.
    const policy = welcomePolicy(chain, {
      limits: { costPerOperationWei: '0.01ether', global: { costWei: '1ether', operations: 8 } },
    })
    const config = paymasterConfig(chain, { policies: { policies: [policy] } })
    const ask = async (url: string) => {
      const client = viemClient(chain, url, await newAccount(chain), 'client')
      return await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    }
    const first = start(config)
    await ask(await served(first))
    await first.end('SIGKILL')
    const url = await served(start(config))
    await ask(url)
    await expect(ask(url)).rejects.toThrow(/all 2 operations are taken/)
  })

  it('explains what is wrong in the policies or the settings and exits with 78', async () => {
    const config = paymasterConfig(chain)
    writeFileSync(config.policies ?? '', '{"policies":[{"id":"A"}]}')
    const badPolicies = start(config)
    expect(await new Promise(resolve => badPolicies.child.once('close', resolve))).toBe(78)
    expect(badPolicies.printed()).toContain('policies[0].id must be 1 to 64 lower-case letters')
    const bad = run(['start', '--port', 'many'])
    expect(await new Promise(resolve => bad.child.once('close', resolve))).toBe(78)
    expect(bad.printed()).toContain('--port must be a whole number')
    expect(bad.printed()).toContain('signerKey is missing')
  })

  it('has a --help that names every setting with its default and its variable', async () => {
    const help = run(['start', '--help'])
    await new Promise(resolve => help.child.once('close', resolve))
    expect(help.printed()).toContain('--markup-bps <number>')
    expect(help.printed()).toContain('WORLDLAND_PAYMASTER_MARKUP_BPS')
    expect(help.printed()).toContain('--signer-key-file <file>')
    expect(help.printed()).not.toContain('--signer-key ')
  })
})
