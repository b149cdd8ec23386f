// The suite over a node that can no more than WorldLand's: no `finalized`, no block receipts, no overrides
// in eth_estimateGas, no method beyond eth, net, web3 and debug_traceCall.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createPublicClient, http, maxUint256, parseEther } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { startPaymaster } from '../support/paymaster.ts'
import { resultOf } from '../support/rpc.ts'
import { workFolder } from '../support/workFolder.ts'
import { startWorldlandNode, type WorldlandNode } from '../support/worldlandNode.ts'

const folder = workFolder()
let chain: TestChain
let node: WorldlandNode
let paymaster: Daemon
let bundler: Daemon

beforeAll(async () => {
  chain = await startTestChain()
  node = await startWorldlandNode(chain.rpcUrl)
  paymaster = await startPaymaster({ chain, rpcUrl: node.url, folder })
  bundler = await startBundler({ rpcUrl: node.url, folder, flags: { 'paymaster-url': paymaster.url } })
  await chain.mineEvery(1)
})
afterAll(async () => {
  await bundler?.stop()
  await paymaster?.stop()
  await node?.stop()
  await chain?.stop()
})

async function newAccount() {
  const client = createPublicClient({ chain: worldLand, transport: http(node.url), pollingInterval: 100 })
  const account = await toSimpleSmartAccount({
    client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
  })
  const bundlerClient = createBundlerClient({
    account,
    client,
    transport: http(bundler.url),
    pollingInterval: 200,
  })
  const { token } = chain.deployment.contracts
  const approve = {
    to: token,
    abi: computeTokenAbi,
    functionName: 'approve',
    args: [chain.deployment.contracts.paymaster, maxUint256],
  } as const
  async function land(payment: { paymaster?: true; paymasterContext?: unknown }) {
    const hash = await bundlerClient.sendUserOperation({ calls: [approve], ...payment })
    return await bundlerClient.waitForUserOperationReceipt({ hash, timeout: 60_000 })
  }
  return { address: account.address, land }
}

it('lands operations that are sponsored, paid in the token and paid by the account', async () => {
  const { address, land } = await newAccount()
  const { token } = chain.deployment.contracts
  expect((await land({ paymaster: true })).success).toBe(true)
  await chain.faucet.writeContract({
    address: token,
    abi: computeTokenAbi,
    functionName: 'depositTo',
    args: [address],
    value: parseEther('1'),
  })
  await chain.anvil.mine({ blocks: 1 })
  expect((await land({ paymaster: true, paymasterContext: { token } })).success).toBe(true)
  await chain.anvil.setBalance({ address, value: parseEther('1') })
  expect((await land({})).success).toBe(true)
})

it('knows the receipt of an operation that another bundler landed before this one started', async () => {
  const { land } = await newAccount()
  const { userOpHash } = await land({ paymaster: true })
  const other = await startBundler({
    rpcUrl: node.url,
    folder: `${folder}`,
    flags: { 'data-file': ':memory:' },
  })
  try {
    expect(await resultOf(other.url, 'eth_getUserOperationReceipt', userOpHash)).toMatchObject({ userOpHash })
  } finally {
    await other.stop()
  }
})

it('asked for nothing that a WorldLand node does not have, but for the probe at each bundler’s start', () => {
  const bundlers = 2
  const probed = [
    'debug_traceCall: ReferenceError: erc7562Tracer is not defined',
    'eth_getBlockByNumber: invalid argument: hex string without 0x prefix',
    'eth_getBlockByNumber: invalid argument: hex string without 0x prefix',
    'eth_getBlockReceipts: the method eth_getBlockReceipts does not exist/is not available',
  ]
  expect(node.refusals.toSorted()).toEqual(probed.flatMap(refusal => Array(bundlers).fill(refusal)))
  expect(node.methodsUsed.size).toBeGreaterThan(5)
})
