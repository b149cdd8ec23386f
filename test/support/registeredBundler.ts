// A bundler that has staked, and leads every window: it is the only one.
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import {
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import { type Hex, parseEther, slice } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { TestChain } from './chain.ts'

export type RegisteredBundler = {
  readonly bundlerId: number
  readonly nodeKey: Hex
  /** Holds some coin. */
  readonly operatorKey: Hex
  /** What `start` is told beside the rest. */
  readonly flags: Readonly<Record<string, string | number>>
  readonly environment: Readonly<Record<string, string>>
}

/** While the chain mines every transaction at once. Its first epoch with leaders is there afterwards. */
export async function registerBundler(
  chain: TestChain,
  executors: readonly PrivateKeyAccount[],
): Promise<RegisteredBundler> {
  const { faucet, deployment, anvil } = chain
  const { bundlerRegistry: address, bundleGuard } = deployment.contracts
  const registry = { address, abi: bundlerRegistryAbi } as const
  const domain = bundlingDomain(deployment.chainId, address)
  const operator = faucet.account.address
  const nodeKey = generatePrivateKey()
  const node = privateKeyToAccount(nodeKey)
  const operatorKey = generatePrivateKey()

  async function mined(hash: Hex): Promise<void> {
    const { status } = await faucet.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`The transaction ${hash} reverted`)
  }

  await anvil.setBalance({ address: privateKeyToAccount(operatorKey).address, value: parseEther('10') })
  const possession = await node.signTypedData({
    domain,
    types: bundlerRegistrationTypes,
    primaryType: 'BundlerRegistration',
    message: { operator },
  })
  await mined(
    await faucet.writeContract({
      ...registry,
      functionName: 'register',
      args: [slice(node.publicKey, 1), possession, ''],
      value: parseEther('100'),
    }),
  )
  const bundlerId = await faucet.readContract({
    ...registry,
    functionName: 'bundlerOfKey',
    args: [node.address],
  })
  for (const executor of executors) {
    const consent = await executor.signTypedData({
      domain,
      types: executorConsentTypes,
      primaryType: 'ExecutorConsent',
      message: { bundlerId, operator },
    })
    await mined(
      await faucet.writeContract({ ...registry, functionName: 'addExecutor', args: [bundlerId, consent] }),
    )
  }
  await beginEpoch(chain)
  return {
    bundlerId,
    nodeKey,
    operatorKey,
    flags: { 'bundler-registry': address, 'bundle-guard': bundleGuard },
    environment: {
      WORLDLAND_BUNDLER_NODE_KEY: nodeKey,
      WORLDLAND_BUNDLER_OPERATOR_KEY: operatorKey,
    },
  }
}

/** Mines to an epoch in which the stake of now counts, stores its table, and goes on until it holds. */
async function beginEpoch({ faucet, deployment, anvil }: TestChain): Promise<void> {
  const epochBlocks = 256n
  const registry = { address: deployment.contracts.bundlerRegistry, abi: bundlerRegistryAbi } as const
  const head = await faucet.getBlockNumber()
  // Stakes count that were there 96 blocks before an epoch; its table can be stored from 32 before it on.
  const epoch = (head + 96n) / epochBlocks + 1n
  await anvil.mine({ blocks: Number(epoch * epochBlocks - 30n - head) })
  const hash = await faucet.writeContract({ ...registry, functionName: 'rollEpoch' })
  await faucet.waitForTransactionReceipt({ hash })
  await anvil.mine({ blocks: 32 })
}
