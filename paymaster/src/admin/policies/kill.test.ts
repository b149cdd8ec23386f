// The service killed in the middle of edits: each policy is the one before or the one after, and whatever was answered is
// in force again.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { askDaemon } from '@worldland-aa/service/control/askDaemon'
import { controlPathOf } from '@worldland-aa/service/control/controlSocket'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PaymasterConfig } from '../../config.ts'
import { welcomePolicy } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { paymasterConfig } from '../../testing/startPaymaster.ts'
import { tokenOf } from '../testing/startHouse.ts'
import type { PolicyDetail, PolicyHistory } from './schema.ts'

const main = fileURLToPath(new URL('../../../packed/main.js', import.meta.url))
const rounds = 3
let chain: Chain
let child: ChildProcess | undefined

beforeAll(async () => {
  chain = await startChain()
})
afterAll(async () => {
  child?.kill('SIGKILL')
  await chain?.stop()
})

async function start(config: PaymasterConfig): Promise<string> {
  const started = spawn(
    process.execPath,
    [
      ...[main, 'start', '--rpc-url', chain.anvil.url, '--paymaster', chain.paymaster, '--port', '0'],
      ...['--data-file', config.dataFile, '--policies', config.policies ?? '', '--poll-milliseconds', '100'],
    ],
    { env: { WORLDLAND_PAYMASTER_SIGNER_KEY: chain.signerKey }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  child = started
  let printed = ''
  started.stderr.on('data', chunk => {
    printed += chunk
  })
  for (;;) {
    const url = /"url":"(http:[^"]+)"/.exec(printed)?.[1]
    if (url !== undefined) return url
    if (started.exitCode !== null) throw new Error(printed)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** Asks as a page of the console does. */
async function signIn(config: PaymasterConfig, url: string) {
  const origin = `http://localhost:${new URL(url).port}`
  const { message } = await askDaemon(controlPathOf(config.dataFile), {
    command: 'sign-in-link',
    argument: 'operator',
  })
  const token = tokenOf(message.split('\n')[0] ?? '')
  let cookie = ''
  async function ask<Body>(method: string, path: string, body?: unknown): Promise<Body | undefined> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { origin, cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    cookie ||= response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return response.status === 200 ? ((await response.json()) as Body) : undefined
  }
  await ask('POST', '/session/link', { token })
  return ask
}

it('is after any kill at the last version that it answered, or at the one that it was about to answer', async () => {
  const config = paymasterConfig(chain, { policies: { policies: [welcomePolicy(chain)] } })
  let known = 1
  for (let round = 0; round < rounds; round++) {
    const url = await start(config)
    const ask = await signIn(config, url)
    const detail = await ask<PolicyDetail>('GET', '/policies/welcome')
    expect(detail?.version).toBeGreaterThanOrEqual(known)
    expect(detail?.version).toBeLessThanOrEqual(known + 1)
    known = detail?.version ?? 0
    expect(detail?.definition.description).toBe(known === 1 ? undefined : `version ${known}`)
    const history = await ask<PolicyHistory>('GET', '/policies/welcome/history?limit=200')
    expect(history?.items.map(({ version }) => version)).toEqual(
      Array.from({ length: known }, (_, index) => known - index),
    )
    const service = child
    for (let edits = 0; ; edits++) {
      // Some way into the edits: wherever it falls, the invariant is the same.
      if (edits === 1) setTimeout(() => service?.kill('SIGKILL'), 50 + 70 * round)
      const definition = welcomePolicy(chain, { description: `version ${known + 1}` })
      const saved = await ask<PolicyDetail>('PUT', '/policies/welcome', {
        definition,
        expectedVersion: known,
      }).catch(() => undefined)
      if (saved === undefined) break
      known = saved.version
    }
    if (service?.exitCode === null && service.signalCode === null) {
      await new Promise(resolve => service.once('close', resolve))
    }
  }
  expect(known).toBeGreaterThan(rounds)
})
