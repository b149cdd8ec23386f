// A chain that mines at once, and a bundler that looks for blocks once a minute: what a caller did a moment ago counts.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { errorOf, resultOf } from '../support/rpc.ts'
import { deployTestEntities, type TestEntities } from '../support/testEntities.ts'
import { hashOf, paidBy, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let chain: TestChain
let bundler: Daemon
let entities: TestEntities

beforeAll(async () => {
  chain = await startTestChain()
  entities = await deployTestEntities(chain.faucet)
  const flags = { 'debug-api': 'true', 'poll-milliseconds': '60000' }
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder, flags })
  await resultOf(bundler.url, 'debug_bundler_setBundlingMode', 'manual')
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

it('no operation is refused by the mempool for what the newest block has mended', async () => {
  const account = await entities.account('HonestAccount')
  // Enough for one operation at a time: 800,000 gas at 20 gwei.
  const paymaster = await entities.paymaster('GenerousPaymaster', parseEther('0.02'))
  const [one, other] = [wireOperation(account, paidBy(paymaster)), wireOperation(account, paidBy(paymaster))]
  const send = [bundler.url, 'eth_sendUserOperation'] as const
  expect(await resultOf(...send, one, entryPoint07Address)).toBe(hashOf(one))
  expect(await errorOf(...send, other, entryPoint07Address)).toMatchObject({
    code: -32508,
    message: expect.stringContaining('too low'),
  })
  const hash = await chain.faucet.writeContract({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    functionName: 'depositTo',
    args: [paymaster],
    value: parseEther('1'),
  })
  await chain.faucet.waitForTransactionReceipt({ hash })
  expect(await resultOf(...send, other, entryPoint07Address)).toBe(hashOf(other))
})
