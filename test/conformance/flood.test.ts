// One caller floods, another is served: work is counted, not time. What the machine does between two answers is let
// pass by the margin; in the order of arrival there would be thirty.
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type Crowd, gatherCrowd } from '../support/crowd.ts'
import type { Daemon } from '../support/daemon.ts'
import type { RpcAnswer } from '../support/rpc.ts'
import { wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
const floodLength = 30
/** JUMPDEST, PUSH1 0, JUMP: takes all the gas that it gets. */
const endless = '0x5b600056'
const looper: Address = '0x00000000000000000000000000000000000A11cE'
let chain: TestChain
let bundler: Daemon
let crowd: Crowd

beforeAll(async () => {
  chain = await startTestChain()
  crowd = await gatherCrowd(chain, 2)
  await chain.anvil.setCode({ address: looper, bytecode: endless })
  await chain.anvil.setBalance({ address: looper, value: parseEther('1') })
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder, flags: { 'trusted-proxies': '127.0.0.1' } })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

async function sendAs(caller: string, operation: object): Promise<RpcAnswer> {
  const params = [operation, chain.deployment.entryPoint]
  const response = await fetch(bundler.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': caller },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendUserOperation', params }),
  })
  return (await response.json()) as RpcAnswer
}

it("an honest caller's operation is accepted after at most ten of a flooding caller's thirty", async () => {
  const [first, second] = await crowd.sign(2)
  // Of the honest caller something is known.
  expect(await sendAs('198.51.100.1', first?.wire ?? {})).toHaveProperty('result')
  let judged = 0
  let begun = (): void => undefined
  const oneIsJudged = new Promise<void>(resolve => {
    begun = resolve
  })
  const flood = Array.from({ length: floodLength }, async () => {
    const answer = await sendAs('203.0.113.66', wireOperation(looper, { verificationGasLimit: '0xc3500' }))
    expect(answer.error?.code).toBe(-32500)
    judged++
    begun()
  })
  await oneIsJudged
  const before = judged
  expect(await sendAs('198.51.100.1', second?.wire ?? {})).toHaveProperty('result')
  expect(judged - before).toBeLessThanOrEqual(10)
  await Promise.all(flood)
})
