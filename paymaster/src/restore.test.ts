// The ledger from a backup: the running service is backed up, killed, its files deleted, and it goes on from the copy.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import type { PaymasterConfig } from './config.ts'
import { landOperation } from './testing/landOperation.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { paymasterConfig } from './testing/startPaymaster.ts'

const main = fileURLToPath(new URL('../packed/main.js', import.meta.url))
const finalityBlocks = 3
const patience = { timeout: 60_000, interval: 100 }
let chain: Chain
let config: PaymasterConfig
let service: { readonly url: string; readonly child: ChildProcess } | undefined

beforeAll(async () => {
  chain = await startChain()
  config = paymasterConfig(chain, { policies: { policies: [welcomePolicy(chain)] } })
})
afterEach(() => kill())
afterAll(() => chain?.stop())

/** Answers from its first moment, also while it waits. */
async function start(): Promise<string> {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [
      ...[main, 'start', '--rpc-url', chain.anvil.url, '--paymaster', chain.paymaster, '--port', port],
      ...['--data-file', config.dataFile, '--policies', config.policies ?? '', '--poll-milliseconds', '100'],
      ...['--finality-blocks', String(finalityBlocks)],
    ],
    { env: { WORLDLAND_PAYMASTER_SIGNER_KEY: chain.signerKey }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let printed = ''
  child.stderr.on('data', chunk => {
    printed += chunk
  })
  service = { url: `http://127.0.0.1:${port}`, child }
  await vi.waitFor(async () => {
    expect(child.exitCode, printed).toBeNull()
    const { checks } = await health()
    expect(String(checks.start)).not.toContain('brought in line')
  }, patience)
  return service.url
}

async function health(): Promise<{ status: number; checks: Record<string, string> }> {
  const response = await fetch(`${service?.url}/health`)
  const { checks } = (await response.json()) as { checks: Record<string, string> }
  return { status: response.status, checks }
}

async function kill(): Promise<void> {
  const child = service?.child
  service = undefined
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise(resolve => child.once('close', resolve))
  child.kill('SIGKILL')
  await closed
}

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  return await new Promise(resolve => {
    execFile(
      process.execPath,
      [main, ...args, '--data-file', config.dataFile],
      { env: {} },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), text: out + err }),
    )
  })
}

async function signed(account: SmartAccount) {
  const client = viemClient(chain, service?.url ?? '', account, 'client')
  return await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
}

const rows = (query: string): Record<string, unknown>[] =>
  lookIntoDatabase(config.dataFile, query) as Record<string, unknown>[]
const signatures = () => rows('select * from signature order by user_operation_hash')
const exposureOf = (account: SmartAccount) =>
  rows(`select * from exposure where sender = '${account.address.toLowerCase()}'`)[0]
const spentWei = () =>
  rows("select used_wei from budget where id like 'policy/welcome/global/%'").reduce(
    (sum, row) => sum + BigInt(String(row.used_wei)),
    0n,
  )
const filesThere = () =>
  readdirSync(dirname(config.dataFile)).filter(name => name.startsWith(basename(config.dataFile)))

it('is whole again after a backup, a kill and a restore, and promises nothing that it cannot know of', async () => {
  const landed = await newAccount(chain)
  const waiting = await newAccount(chain)
  const later = await newAccount(chain)
  const unsent = await newAccount(chain)
  await start()
  const before = await landOperation(chain, landed, await signed(landed))
  const waits = await signed(waiting)
  await vi.waitFor(() => expect(signatures()).toHaveLength(2), patience)
  await vi.waitFor(() => expect(exposureOf(landed)?.state).toBe('INCLUDED'), patience)
  const known = signatures()

  const backup = join(dirname(config.dataFile), 'copy.sqlite')
  expect(await run('backup', backup)).toMatchObject({
    code: 0,
    text: expect.stringContaining('2 signatures'),
  })
  expect(statSync(backup).mode & 0o777).toBe(0o600)
  const content = readFileSync(backup)
  expect(await run('backup', backup)).toMatchObject({ code: 1, text: expect.stringContaining('--overwrite') })
  expect(readFileSync(backup).equals(content)).toBe(true)
  expect(await run('restore', backup)).toMatchObject({
    code: 69,
    text: expect.stringContaining('another process'),
  })

  // What the backup does not know: one lands, one is never sent.
  const after = await landOperation(chain, later, await signed(later))
  const unknown = await signed(unsent)
  await kill()
  for (const name of filesThere()) rmSync(join(dirname(config.dataFile), name))

  const restored = await run('restore', backup)
  expect(restored).toMatchObject({ code: 0, text: expect.stringContaining('nothing is signed until') })
  expect(signatures()).toEqual(known)
  await start()
  expect(signatures()).toEqual(expect.arrayContaining(known))
  const { status, checks } = await health()
  expect(status).toBe(503)
  expect(checks.start).toContain('what was signed after the backup of its ledger to expire, at')
  await expect(signed(await newAccount(chain))).rejects.toThrow('after the backup')

  // What it knew lands on its old signature; what it did not know is booked on its policy all the same.
  const now = await landOperation(chain, waiting, waits)
  await chain.anvil.client.mine({ blocks: finalityBlocks })
  const costWei = before.costWei + after.costWei + now.costWei
  await vi.waitFor(() => expect(spentWei()).toBe(costWei), patience)
  expect(exposureOf(later)).toMatchObject({ state: 'FINAL', mode: 'sponsor' })
  expect(rows("select * from spend where mode = 'sponsor'")[0]?.cost_wei).toBe(String(costWei))

  // A sudden death in the meantime does not end the waiting; a block that is not final does not either.
  await kill()
  await start()
  const until = Date.parse(/at (\S+) by/.exec((await health()).checks.start ?? '')?.[1] ?? '') / 1000
  expect(until).toBeGreaterThan(Date.now() / 1000)
  await chain.anvil.client.setNextBlockTimestamp({ timestamp: BigInt(until + 1) })
  await chain.anvil.client.mine({ blocks: finalityBlocks })
  await vi.waitFor(async () => {
    const head = await chain.client.getBlockNumber({ cacheTime: 0 })
    expect((await health()).checks.settledTo).toBe(String(head))
  }, patience)
  expect((await health()).status).toBe(503)
  await chain.anvil.client.mine({ blocks: 1 })
  await vi.waitFor(async () => expect((await health()).status).toBe(200), patience)
  await expect(landOperation(chain, unsent, unknown)).rejects.toThrow()
  await signed(await newAccount(chain))
}, 400_000)

it('says what it cannot restore, and changes nothing', async () => {
  const other = join(dirname(config.dataFile), 'other.sqlite')
  writeFileSync(other, 'all work and no play makes a dull file'.repeat(30))
  const isData = (name: string): boolean => !name.includes('.lock')
  const there = filesThere().filter(isData)
  expect(await run('restore', other)).toMatchObject({ code: 1, text: expect.stringContaining(other) })
  expect(await run('restore', join(dirname(other), 'none'))).toMatchObject({ code: 1 })
  expect(filesThere().filter(isData)).toEqual(there)
}, 200_000)

async function freePort(): Promise<string> {
  const { createServer } = await import('node:net')
  return await new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(String(port)))
    })
  })
}

it('lets nobody in by what a backup remembers: sessions that were ended since, links that were used', async () => {
  config = paymasterConfig(chain)
  await start()
  const link = async () => new URL((await run('sign-in-link')).text.split('\n')[0] ?? '')
  const redeem = async (token: string) =>
    await fetch(`${service?.url}/api/v1/session/link`, {
      method: 'POST',
      headers: { origin: service?.url ?? '', 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    })
  const whoAmI = async (port: string, token: string) => {
    const headers = { cookie: `paymaster-session-${port}=${token}` }
    return (await fetch(`${service?.url}/api/v1/session`, { headers })).status
  }
  const unused = (await link()).hash.slice(1)
  const { headers } = await redeem((await link()).hash.slice(1))
  const token = /=([\w-]{43});/.exec(headers.getSetCookie()[0] ?? '')?.[1] ?? ''
  expect(await whoAmI(new URL(service?.url ?? '').port, token)).toBe(200)
  const backup = join(dirname(config.dataFile), 'copy.sqlite')
  expect((await run('backup', backup)).code).toBe(0)
  await kill()
  expect((await run('restore', backup)).code).toBe(0)
  await start()
  expect(await whoAmI(new URL(service?.url ?? '').port, token)).toBe(401)
  expect((await redeem(unused)).status).toBe(401)
})
