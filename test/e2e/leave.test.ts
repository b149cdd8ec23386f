// `worldland-bundler leave` as an operator runs it: out of the registry with the stake, and with what it was owed.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as bundlerRegistry from '@worldland-aa/sdk/abi/bundlerRegistry'
import { challengePromise } from '@worldland-aa/sdk/actions/promise/challengePromise'
import { concludePromise } from '@worldland-aa/sdk/actions/promise/concludePromise'
import type { SignedPromise } from '@worldland-aa/sdk/actions/promise/signedPromise'
import { bundlingDomain, inclusionPromiseTypes } from '@worldland-aa/sdk/protocol/bundling'
import { keccak256, parseEther, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { deployRegistry } from '../../bundler/src/participation/testing/registryChain.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type RegisteredBundler, registerBundler } from '../support/registeredBundler.ts'

/** As short as two epochs and the court's time allow: with the deployed 8,640 the test would mine for minutes. */
const exitDelayBlocks = 1_200
const to = '0x000000000000000000000000000000000000beef'
// biome-ignore lint/style/noProcessEnv: a child process needs PATH and HOME
const environment = process.env
let chain: TestChain
let leaving: RegisteredBundler
beforeAll(async () => {
  const whole = await startTestChain()
  const { address } = await deployRegistry({ client: whole.client, anvil: whole.anvil, exitDelayBlocks })
  const { deployment } = whole
  const contracts = { ...deployment.contracts, bundlerRegistry: address }
  chain = { ...whole, deployment: { ...deployment, contracts } }
  leaving = await registerBundler(chain, [])
})
afterAll(async () => chain?.stop())

async function leave(): Promise<string> {
  const { contracts } = chain.deployment
  const keys = {
    WORLDLAND_BUNDLER_NODE_KEY: leaving.nodeKey,
    WORLDLAND_BUNDLER_OPERATOR_KEY: chain.faucetKey,
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(workspaceRoot, 'bundler/bin/worldland-bundler.mjs'),
      'leave',
      ...['--rpc-url', chain.rpcUrl, '--bundler-registry', contracts.bundlerRegistry, '--to', to],
    ],
    { env: { ...environment, ...keys } },
  )
  return stdout
}

const paid = () => chain.client.getBalance({ address: to })

/** Of another bundler, who promised what does not exist: the operator challenges it, and gets deposit and half a fine. */
async function challengeAnother(): Promise<void> {
  const { faucet, deployment, anvil } = chain
  const { contracts, chainId } = deployment
  const other = await registerBundler(chain, [])
  const court = await faucet.readContract({
    address: contracts.bundlerRegistry,
    abi: [bundlerRegistry.court],
    functionName: 'court',
  })
  const promise: SignedPromise = {
    bundlerId: other.bundlerId,
    userOpHash: keccak256('0x01'),
    sender: zeroAddress,
    nonce: 0n,
    latestBlock: await faucet.getBlockNumber({ cacheTime: 0 }),
    maxBaseFeePerGas: parseEther('1'),
    signature: '0x',
    court,
    chainId,
    state: 'broken',
  }
  const signature = await privateKeyToAccount(other.nodeKey).signTypedData({
    domain: bundlingDomain(chainId, court),
    types: inclusionPromiseTypes,
    primaryType: 'InclusionPromise',
    message: promise,
  })
  await anvil.mine({ blocks: 1 })
  const signed = { ...promise, signature }
  await challengePromise(faucet as never, { contracts, promise: signed })
  await anvil.mine({ blocks: 61 })
  expect((await concludePromise(faucet as never, { promise: signed })).fineWei).toBe(parseEther('1'))
}

it('asks for the stake, says how long that takes, and pays it out then, with rewards and deposits', async () => {
  await challengeAnother()
  expect(await leave()).toMatch(/^bundler 1 leads no more from the next epoch on; .* block \d+ on/)
  expect(await paid()).toBe(parseEther('1.5'))
  expect(await leave()).toMatch(/^the stake of bundler 1 is free from block \d+ on: \d+ more\n$/)
  await chain.anvil.mine({ blocks: exitDelayBlocks })
  expect(await leave()).toMatch(/^bundler 1 has left: 100 coin are paid to 0x/)
  expect(await paid()).toBe(parseEther('101.5'))
  expect(await leave()).toMatch(/is not registered, or has left already\n$/)
}, 300_000)
