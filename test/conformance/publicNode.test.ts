// Safe mode over what anybody may ask a public node: only eth_*, no debug namespace, no state overrides.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type Crowd, gatherCrowd } from '../support/crowd.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import { type NodeProxy, publicMethodsOnly, startNodeProxy } from '../support/nodeProxy.ts'
import { errorOf, resultOf } from '../support/rpc.ts'
import { deployTestEntities } from '../support/testEntities.ts'
import { wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let chain: TestChain
let crowd: Crowd
let node: NodeProxy
let bundler: Daemon
const misfits = new Map<string, Address>()

beforeAll(async () => {
  chain = await startTestChain()
  crowd = await gatherCrowd(chain, 4)
  const entities = await deployTestEntities(chain.faucet)
  for (const contract of [
    'ReadsTimestamp',
    'WritesForeignStorage',
    'CallsWithValue',
    'HidesOutOfGas',
  ] as const) {
    misfits.set(contract, await entities.account(contract))
  }
  node = await startNodeProxy(chain.rpcUrl, publicMethodsOnly)
  bundler = await startBundler({ rpcUrl: node.url, folder })
  await chain.mineEvery(1)
})
afterAll(async () => {
  await bundler?.stop()
  await node?.stop()
  await chain?.stop()
})

it('operations are accepted and land', async () => {
  const operations = await crowd.sign(8)
  const hashes = await Promise.all(
    operations.map(({ wire }) =>
      resultOf<`0x${string}`>(bundler.url, 'eth_sendUserOperation', wire, entryPoint07Address),
    ),
  )
  await eventually(
    'the operations landing',
    () => countLandings(chain.client, hashes),
    counts => counts[1] === hashes.length,
    60,
  )
})

it('gas is estimated', async () => {
  const [operation] = await crowd.sign(1)
  const estimate = await resultOf<Record<string, string>>(
    bundler.url,
    'eth_estimateUserOperationGas',
    operation?.wire,
    entryPoint07Address,
  )
  expect(Number(estimate.callGasLimit)).toBeGreaterThan(3_000)
  expect(Number(estimate.verificationGasLimit)).toBeGreaterThan(20_000)
})

it.each([
  ['ReadsTimestamp', 'OP-011'],
  ['WritesForeignStorage', 'STO-021'],
  ['CallsWithValue', 'OP-061'],
  ['HidesOutOfGas', 'OP-020'],
] as const)('%s is refused by %s', async (contract, rule) => {
  const operation = wireOperation(misfits.get(contract) as Address)
  const error = await errorOf(bundler.url, 'eth_sendUserOperation', operation, entryPoint07Address)
  expect(error).toMatchObject({ code: -32502, data: { rule } })
})

it('nothing but eth, net and web3 was asked for, but by the probe of a start', () => {
  const foreign = [...node.calls].filter(([method]) => !/^(eth|net|web3)_/.test(method))
  for (const [method, count] of foreign) expect(count, method).toBeLessThanOrEqual(2)
})
