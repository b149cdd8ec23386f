// A provider without native coin sends by a bundler: what becomes of an operation there that nobody wants any more. Real chain,
// real bundler, which bundles when it is told to.
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { createComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { createLogger } from '@worldland-aa/service/logger'
import { type Address, type Hex, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOperationSender } from '../../provider/src/chain/operationSender.ts'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { resultOf } from '../support/rpc.ts'
import { workFolder } from '../support/workFolder.ts'

let chain: TestChain
let bundler: Daemon
beforeAll(async () => {
  chain = await startTestChain()
  bundler = await startBundler({
    rpcUrl: chain.rpcUrl,
    folder: workFolder(),
    flags: { 'debug-api': 'true' },
  })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const debug = (method: string, ...params: readonly unknown[]): Promise<unknown> =>
  resultOf(bundler.url, `debug_bundler_${method}`, ...params)
const waiting = async (): Promise<readonly Hex[]> =>
  ((await debug('dumpMempool', entryPoint07Address)) as readonly { callData: Hex }[]).map(
    ({ callData }) => callData,
  )

/** A sender whose account is deployed, with one payment on its way that is not bundled yet. */
async function stage() {
  const { rpcUrl, faucet, client, deployment } = chain
  const { contracts } = deployment
  await debug('setBundlingMode', 'auto')
  const account = await toComputeAccount({
    client,
    contracts,
    owner: privateKeyToAccount(generatePrivateKey()),
  })
  const funded = await faucet.sendTransaction({ to: account.address, value: parseEther('5') })
  await faucet.waitForTransactionReceipt({ hash: funded })
  const compute = createComputeClient({
    ...{ account, contracts, rpcUrl, bundlerUrl: bundler.url, gasFrom: 'coin' as const },
    pollingInterval: 50,
  })
  let number = await client.getBlockNumber({ cacheTime: 0 })
  const sender = createOperationSender({
    ...{ compute, contracts, logger: createLogger({ name: 'test', level: 'silent' }) },
    head: () => ({ number, hash: `0x${number.toString(16).padStart(64, '0')}` }),
  })
  const pay = (purpose: string, to: Address) =>
    sender.submit(purpose, [{ to, value: parseEther('1'), data: '0x' }])
  const landed = (purpose: string, to: Address) =>
    eventually(
      purpose,
      () => pay(purpose, to),
      sent => sent.ok && sent.value.state === 'landed',
    )
  await landed('first', privateKeyToAddress(generatePrivateKey()))
  await debug('setBundlingMode', 'manual')
  const to = privateKeyToAddress(generatePrivateKey())
  expect(await pay('pay', to)).toMatchObject({ ok: true, value: { state: 'pending' } })
  return {
    ...{ sender, pay, to, landed },
    heads: (blocks: bigint) => {
      number += blocks
    },
    balance: () => client.getBalance({ address: to }),
  }
}

it('calls off what is forsaken: something empty takes its place, and the sender goes on', async () => {
  const { sender, to, landed, balance } = await stage()
  const [before] = await waiting()
  await sender.forsake(purpose => purpose === 'pay')
  const [after, ...others] = await waiting()
  expect(others).toEqual([])
  expect(after).not.toBe(before)
  await debug('setBundlingMode', 'auto')
  await landed('pay another', privateKeyToAddress(generatePrivateKey()))
  expect(await balance()).toBe(0n)
  // It is as if it had never been sent: who wants it anew has it.
  await landed('pay', to)
  expect(await balance()).toBe(parseEther('1'))
})

it('calls off what nobody has asked for in blocks, and leaves alone what is asked for', async () => {
  const { pay, to, heads, landed, balance } = await stage()
  const other = privateKeyToAddress(generatePrivateKey())
  for (let at = 0; at < 3; at++) {
    heads(4n)
    await pay('pay', to)
  }
  const [before] = await waiting()
  heads(10n)
  await pay('pay another', other)
  expect(await waiting()).not.toContain(before)
  await debug('setBundlingMode', 'auto')
  await landed('pay another', other)
  expect(await balance()).toBe(0n)
})
