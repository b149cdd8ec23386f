// `worldland-pay`: clients that know only a base URL and an API key pay by vouchers, and know nothing of it.
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import runpodSdk from 'runpod-sdk'
import type { PrivateKeyAccount } from 'viem'
import { formatEther, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type PayCommand, startPayCommand } from '../support/payCommand.ts'
import {
  endpointId,
  type PaidServer,
  type PaymentStage,
  pricePerSecondWei,
  startPaidServer,
  startPaymentStage,
} from '../support/paymentStage.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: PaymentStage
let server: PaidServer
let contractsFile: string
const started = new Set<PayCommand>()

beforeAll(async () => {
  stage = await startPaymentStage()
  server = await startPaidServer(stage, { folder: subfolder(folder) })
  contractsFile = join(folder, 'contracts.json')
  writeFileSync(contractsFile, JSON.stringify({ contracts: stage.contracts }))
})
afterEach(async () => {
  for (const command of started) await command.stop()
  started.clear()
})
afterAll(async () => {
  await server.stop()
  await stage.stop()
})

/** With its home, which a restart has again. */
async function pay(
  key: string,
  options: { readonly home?: string; readonly budget: string; readonly args: readonly string[] },
): Promise<PayCommand & { readonly home: string }> {
  const { home = subfolder(folder) } = options
  const command = await startPayCommand({
    ...{ ...options, key, home, contractsFile },
    providerUrl: server.url,
    rpcUrl: stage.chain.anvil.url,
  })
  started.add(command)
  return { ...command, home }
}

async function somebody(): Promise<{ readonly key: `0x${string}`; readonly account: PrivateKeyAccount }> {
  const key = generatePrivateKey()
  const account = privateKeyToAccount(key)
  await stage.chain.anvil.client.setBalance({ address: account.address, value: parseEther('10') })
  await stage.chain.mintTokens(account.address, parseEther('5'))
  return { key, account }
}

const laneOf = (sessionId: bigint) => server.payments.lanes().find(lane => lane.sessionId === `${sessionId}`)
const tokens = (seconds: bigint) => formatEther(seconds * pricePerSecondWei)

it("opens a session and pays for RunPod's own client, which knows a URL and a key", async () => {
  const { key } = await somebody()
  const running = await pay(key, {
    budget: tokens(500n),
    args: ['--open', `${stage.offerId}`, '--hours', '2'],
  })
  await server.poll()
  const client = runpodSdk(running.apiKey, { baseUrl: running.url }).endpoint(endpointId)
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      client?.runSync({ input: { numbers: [n, 1], milliseconds: 3_000 } }),
    ),
  )
  expect(answers.map(answer => answer?.output)).toEqual(
    Array.from({ length: 10 }, (_, n) => ({ sum: n + 1 })),
  )
  expect(laneOf(running.sessionId)).toMatchObject({ owedWei: (30n * pricePerSecondWei).toString() })
  await running.stop()
})

it('goes on where it was after a restart, and keeps its vouchers and its key from other accounts', async () => {
  const { key, account } = await somebody()
  const { sessionId } = await stage.openSession({ budgetWei: 500n * pricePerSecondWei, payer: account })
  await server.poll()
  const args = ['--session', `${sessionId}`]
  const first = await pay(key, { budget: tokens(500n), args })
  const request = (url: string, apiKey: string) =>
    fetch(`${url}/${endpointId}/runsync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ input: { numbers: [1, 2], milliseconds: 7_000 } }),
    })
  expect((await request(first.url, first.apiKey)).status).toBe(200)
  await first.stop()
  for (const file of ['state.json', 'api.key'])
    expect(statSync(join(first.home, file)).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(first.home, 'state.json'), 'utf8')).not.toContain(key.slice(2))
  const second = await pay(key, { budget: tokens(500n), home: first.home, args })
  expect(second.apiKey).toBe(first.apiKey)
  expect((await request(second.url, second.apiKey)).status).toBe(200)
  expect(laneOf(sessionId)).toMatchObject({ owedWei: (14n * pricePerSecondWei).toString() })
  expect((await request(second.url, 'another')).status).toBe(401)
  await second.stop()
})

it('never signs beyond its budget, and says so', async () => {
  const { key, account } = await somebody()
  const { sessionId } = await stage.openSession({ budgetWei: 500n * pricePerSecondWei, payer: account })
  await server.poll()
  const running = await pay(key, { budget: tokens(45n), args: ['--session', `${sessionId}`] })
  const request = async () => {
    const response = await fetch(`${running.url}/${endpointId}/runsync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}` },
      body: JSON.stringify({ input: { numbers: [1], milliseconds: 20_000 } }),
    })
    return { status: response.status, body: await response.text() }
  }
  const statuses: number[] = []
  for (let i = 0; i < 3; i++) statuses.push((await request()).status)
  expect(statuses).toEqual([200, 200, 402])
  expect((await request()).body).toContain('the budget is')
  expect(BigInt(laneOf(sessionId)?.signedWei ?? 0)).toBeLessThanOrEqual(45n * pricePerSecondWei)
  await running.stop()
})

it('says what is wrong with what it is told, and repeats no key', async () => {
  const { key } = await somebody()
  const failing = (args: readonly string[], ofKey = key) => pay(ofKey, { budget: '1', args })
  await expect(failing([])).rejects.toThrow('Give --session')
  await expect(failing(['--session', 'x'])).rejects.toThrow('--session is no id: x')
  await expect(failing(['--session', '99999'])).rejects.toThrow('99999')
  await expect(failing(['--session', '1'], `${key}00`)).rejects.toThrow('is not 32 bytes in hex')
  await expect(failing(['--session', '1'], `${key}00`)).rejects.not.toThrow(key.slice(4, 20))
  const open = join(subfolder(folder), 'open.key')
  writeFileSync(open, key, { mode: 0o644 })
  await expect(failing(['--session', '1', '--key-file', open])).rejects.toThrow(`chmod 600 ${open}`)
})
