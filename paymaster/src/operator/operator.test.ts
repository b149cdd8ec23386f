// The running service in its operator's hands: by the command line beside it, and by signals.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PaymasterConfig } from '../config.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { paymasterConfig } from '../testing/startPaymaster.ts'

const main = fileURLToPath(new URL('../../packed/main.js', import.meta.url))
let chain: Chain
let account: SmartAccount
let service: Service | undefined

type Service = { readonly url: string; readonly child: ChildProcess; readonly printed: () => string }

beforeAll(async () => {
  chain = await startChain()
  account = await newAccount(chain, 1n)
})
afterEach(() => end('SIGKILL'))
afterAll(() => chain?.stop())

function newConfig(): PaymasterConfig {
  return paymasterConfig(chain, { policies: { policies: [welcomePolicy(chain)] } })
}

async function start(config: PaymasterConfig): Promise<Service> {
  const child = spawn(
    process.execPath,
    [
      ...[main, 'start', '--rpc-url', chain.anvil.url, '--paymaster', chain.paymaster, '--port', '0'],
      ...['--data-file', config.dataFile, '--policies', config.policies ?? '', '--poll-milliseconds', '100'],
    ],
    { env: { WORLDLAND_PAYMASTER_SIGNER_KEY: chain.signerKey }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let printed = ''
  child.stderr.on('data', chunk => {
    printed += chunk
  })
  for (;;) {
    const url = /"url":"(http:[^"]+)"/.exec(printed)?.[1]
    if (url !== undefined) {
      service = { url, child, printed: () => printed }
      return service
    }
    if (child.exitCode !== null) throw new Error(printed)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = service?.child
  service = undefined
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise(resolve => child.once('close', resolve))
  child.kill(signal)
  await closed
}

/** What the command line says, and its exit code. */
async function tell(config: PaymasterConfig, ...command: string[]): Promise<{ code: number; text: string }> {
  return await new Promise(resolve => {
    execFile(
      process.execPath,
      [main, ...command, '--data-file', config.dataFile],
      { env: {} },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), text: out + err }),
    )
  })
}

async function ask(url: string): Promise<unknown> {
  const client = viemClient(chain, url, account, 'client')
  return await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
}

async function untilPrinted(text: string): Promise<void> {
  while (service?.printed().includes(text) !== true) await new Promise(resolve => setTimeout(resolve, 20))
}

describe('pause and resume', () => {
  it('stop and start signing at once, and a pause outlives a sudden death', async () => {
    const config = newConfig()
    const { url } = await start(config)
    await ask(url)
    expect(await tell(config, 'pause')).toMatchObject({ code: 0, text: expect.stringContaining('Paused') })
    await expect(ask(url)).rejects.toThrow(/The operator has paused this paymaster/)
    expect((await fetch(`${url}/health`)).status).toBe(503)
    await end('SIGKILL')
    const again = await start(config)
    await expect(ask(again.url)).rejects.toThrow(/The operator has paused this paymaster/)
    expect((await tell(config, 'status')).text).toContain('paused since')
    expect((await tell(config, 'resume')).code).toBe(0)
    await ask(again.url)
    expect((await fetch(`${again.url}/health`)).status).toBe(200)
  })
})

describe('block and unblock', () => {
  it.each([
    ['an account', (): string => account.address],
    ['a factory', (): string => chain.factory],
    ['a caller', (): string => '127.0.0.1'],
  ] as const)('refuse %s at once and let it in again', async (_, who) => {
    const config = newConfig()
    const { url } = await start(config)
    expect(await tell(config, 'block', who())).toMatchObject({ code: 0 })
    await expect(ask(url)).rejects.toThrow(/signs nothing for/)
    expect((await tell(config, 'status')).text.toLowerCase()).toContain(`blocked: ${who().toLowerCase()}`)
    expect(await tell(config, 'unblock', who())).toMatchObject({ code: 0 })
    await ask(url)
  })

  it('name what is no address, and change nothing', async () => {
    const config = newConfig()
    await start(config)
    const refused = await tell(config, 'block', '0x12')
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('"0x12" is neither an account') })
    expect((await tell(config, 'status')).text).toContain('blocked: nobody')
  })
})

describe('reload', () => {
  it.each(['the command', 'SIGHUP'] as const)(
    'by %s puts changed policies in force without a restart',
    async way => {
      const config = newConfig()
      const { url, child } = await start(config)
      await ask(url)
      writeFileSync(
        config.policies ?? '',
        JSON.stringify({ policies: [welcomePolicy(chain, { default: false })] }),
      )
      if (way === 'SIGHUP') child.kill('SIGHUP')
      else
        expect(await tell(config, 'reload')).toMatchObject({
          code: 0,
          text: expect.stringContaining('welcome'),
        })
      await untilPrinted('the policies were read anew')
      await expect(ask(url)).rejects.toThrow(/sponsors no operation without a policy/)
    },
  )

  it('refuses a file with a mistake, names it, and leaves the old policies in force', async () => {
    const config = newConfig()
    const { url, child } = await start(config)
    writeFileSync(config.policies ?? '', '{"policies":[{"id":"welcome"}]}')
    const refused = await tell(config, 'reload')
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('policies[0].name')
    child.kill('SIGHUP')
    await untilPrinted('the policy file is refused')
    await ask(url)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})

describe('the control socket', () => {
  it('is open to the account of the service alone', async () => {
    const config = newConfig()
    await start(config)
    expect(statSync(`${config.dataFile}.control`).mode & 0o777).toBe(0o600)
  })

  it('is told to be missing where nothing runs', async () => {
    const told = await tell(newConfig(), 'pause')
    expect(told).toMatchObject({
      code: 69,
      text: expect.stringContaining('Nothing was done: no daemon listens at'),
    })
  })
})
