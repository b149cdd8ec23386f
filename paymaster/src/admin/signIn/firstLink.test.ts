// The way in that nobody inside gives: what the running service prints, and what it tells a shell beside it.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { PaymasterConfig } from '../../config.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { paymasterConfig } from '../../testing/startPaymaster.ts'
import { tokenOf } from '../testing/startHouse.ts'

const main = fileURLToPath(new URL('../../../packed/main.js', import.meta.url))
let chain: Chain
let child: ChildProcess | undefined

beforeAll(async () => {
  chain = await startChain()
})
afterEach(() => stop())
afterAll(() => chain?.stop())

/** Resolves with what was logged until the service serves. */
async function start({ dataFile }: PaymasterConfig): Promise<() => string> {
  const started = spawn(
    process.execPath,
    [
      ...[main, 'start', '--rpc-url', chain.anvil.url, '--paymaster', chain.paymaster, '--port', '0'],
      ...['--data-file', dataFile, '--poll-milliseconds', '100'],
    ],
    { env: { WORLDLAND_PAYMASTER_SIGNER_KEY: chain.signerKey }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  child = started
  let printed = ''
  started.stderr.setEncoding('utf8').on('data', chunk => {
    printed += chunk
  })
  while (!printed.includes('"msg":"serving"')) {
    if (started.exitCode !== null) throw new Error(printed)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return () => printed
}

async function stop(): Promise<void> {
  const ending = child
  child = undefined
  if (ending === undefined || ending.exitCode !== null) return
  const closed = new Promise(resolve => ending.once('close', resolve))
  ending.kill('SIGTERM')
  await closed
}

function linkIn(printed: string): string | undefined {
  return /"signIn":"([^"]+)"/.exec(printed)?.[1]
}

async function redeem(link: string): Promise<number> {
  const { origin, port } = new URL(link)
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/session/link`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token: tokenOf(link) }),
  })
  return response.status
}

it('is printed at every start until somebody has come in, and only the newest is good', async () => {
  const config = paymasterConfig(chain)
  const first = linkIn((await start(config))()) ?? ''
  expect(first).toMatch(/^http:\/\/localhost:\d+\/console\/sign-in#[\w-]{43}$/)
  await stop()
  const second = linkIn((await start(config))()) ?? ''
  const { port } = new URL(second)
  expect(await redeem(first.replace(/localhost:\d+/, `localhost:${port}`))).toBe(401)
  expect(await redeem(second)).toBe(200)
  await stop()
  expect(linkIn((await start(config))())).toBeUndefined()
})

it('is told to the shell beside the service, and not to its log', async () => {
  const config = paymasterConfig(chain)
  const printed = await start(config)
  const told = await new Promise<string>(resolve => {
    const command = ['sign-in-link', '--role', 'operator', '--data-file', config.dataFile]
    execFile(process.execPath, [main, ...command], { env: {} }, (_, out) => resolve(out))
  })
  const link = told.split('\n')[0] ?? ''
  expect(told).toContain('Good for one sign-in as operator, within an hour.')
  expect(await redeem(link)).toBe(200)
  expect(printed()).not.toContain(tokenOf(link))
})
