// The bundler in its operator's hands: what its log tells of an operation and of its node, and what it takes no harm from.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Hex } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { type NodeProxy, startNodeProxy } from '../support/nodeProxy.ts'
import { resultOf } from '../support/rpc.ts'
import { deployTestEntities } from '../support/testEntities.ts'
import { wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

type Line = { readonly level: number; readonly msg: string }

const folder = workFolder()
let chain: TestChain
let node: NodeProxy
let isNodeDown = false
let bundler: Daemon

beforeAll(async () => {
  chain = await startTestChain()
  await chain.mineEvery(1)
  node = await startNodeProxy(chain.rpcUrl, (call, ask) =>
    isNodeDown ? Promise.resolve({ error: { code: -32000, message: 'the node is down' } }) : ask(call),
  )
  bundler = await startBundler({ rpcUrl: node.url, folder, flags: { 'finality-blocks': 3 } })
})
afterAll(async () => {
  await bundler?.stop()
  await node?.stop()
  await chain?.stop()
})

function log(): readonly string[] {
  return readFileSync(join(folder, 'bundler.log'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
}

function told(message: string): readonly Line[] {
  return log()
    .filter(line => line.includes(message))
    .map(line => JSON.parse(line) as Line)
    .filter(({ level, msg }) => level >= 30 && msg.includes(message))
}

it('names an operation by its hash at every stage from its acceptance to its finality', async () => {
  const entities = await deployTestEntities(chain.faucet)
  const account = await entities.account('HonestAccount')
  await chain.anvil.setBalance({ address: account, value: 10n ** 18n })
  const operation = wireOperation(account)
  const hash = await resultOf<Hex>(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)
  const stages = () =>
    log()
      .filter(line => line.includes(hash))
      .map(line => JSON.parse(line) as Line)
      .filter(({ level }) => level >= 30)
      .map(({ msg }) => msg)
  await eventually(
    'its finality in the log',
    async () => stages(),
    seen => seen.includes('operations are final'),
  )
  expect(stages().filter(stage => stage !== 'a transaction was mined')).toEqual([
    'an operation is accepted',
    'operations are bundled',
    'operations are submitted',
    'operations are included',
    'operations are final',
  ])
})

it('tells of a failing node once, however often it is asked, and once when it is back', async () => {
  const asked = () => node.calls.get('eth_getBlockByNumber') ?? 0
  const before = asked()
  isNodeDown = true
  await eventually(
    'ten polls',
    async () => asked() - before,
    count => count > 10,
  )
  isNodeDown = false
  await eventually(
    'its return in the log',
    async () => told('the chain is followed again'),
    lines => lines.length > 0,
  )
  expect(told('the chain cannot be followed')).toHaveLength(1)
  expect(told('the chain is followed again')).toHaveLength(1)
  const failures = log().filter(line => line.includes('the node is down'))
  // The reason, and neither the request nor a stack.
  for (const line of failures) expect(line.length).toBeLessThan(600)
})

it('takes SIGHUP for a word, not for its end', async () => {
  process.kill(bundler.pid, 'SIGHUP')
  await eventually(
    'the answer in the log',
    async () => told('SIGHUP'),
    lines => lines.length > 0,
  )
  expect(await resultOf(bundler.url, 'eth_chainId')).toBe('0x67')
})

it('keeps a second bundler from its data file, with a sentence', async () => {
  await expect(startBundler({ rpcUrl: node.url, folder })).rejects.toThrow(
    /another process uses .*bundler\.sqlite .*--data-file/,
  )
  expect((await fetch(`${bundler.url}/health`)).status).toBe(200)
})
