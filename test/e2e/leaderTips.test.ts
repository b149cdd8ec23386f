// The tip for the bundler in turn with the real bundler, paymaster and registry: a stranger's operation is sponsored, and
// whose executor brought it in is owed the tip.
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import {
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { type Hex, http, parseEther, slice } from 'viem'
import { createBundlerClient, createPaymasterClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createDeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { setLeaderTip } from '../../scripts/deploy/leaderTip.ts'
import { devnetKeys } from '../../scripts/devnet/devnetKeys.ts'
import { devnetStage, settled } from '../support/devnet.ts'

const stage = devnetStage({ serving: false })
const tipWei = 30_000_000_000_000n

/** One operation that the operator pays for; its receipt. */
async function sponsored() {
  const { devnet, client } = stage
  const account = await toSimpleSmartAccount({
    client,
    owner: privateKeyToAccount(generatePrivateKey()),
    entryPoint: { address: entryPoint07Address, version: '0.7' },
  })
  const bundler = createBundlerClient({
    ...{ account, client, transport: http(devnet.bundlerUrl), pollingInterval: 200 },
    paymaster: createPaymasterClient({ transport: http(devnet.bundlerUrl) }),
  })
  const approval = {
    to: devnet.contracts.token,
    abi: computeTokenAbi,
    functionName: 'approve',
    args: [devnet.contracts.instanceLease, 7n],
  }
  const hash = await bundler.sendUserOperation({ calls: [approval] } as never)
  return await bundler.waitForUserOperationReceipt({ hash, timeout: 120_000 })
}

/** A bundler of the faucet's, whose executors are those of the devnet's bundler. */
async function registerBundler(): Promise<number> {
  const { faucet, devnet, client } = stage
  const registry = { address: devnet.contracts.bundlerRegistry, abi: bundlerRegistryAbi } as const
  const domain = bundlingDomain(await client.getChainId(), registry.address)
  const operator = faucet.account.address
  const node = privateKeyToAccount(generatePrivateKey())
  const possession = await node.signTypedData({
    ...{ domain, types: bundlerRegistrationTypes, primaryType: 'BundlerRegistration' },
    message: { operator },
  })
  const publicKey: Hex = slice(node.publicKey, 1)
  const registration = await faucet.writeContract({
    ...{ ...registry, functionName: 'register', args: [publicKey, possession, ''] },
    value: parseEther('200'),
  })
  await settled(faucet, registration)
  const bundlerId = await faucet.readContract({
    ...{ ...registry, functionName: 'bundlerOfKey', args: [node.address] },
  })
  for (const { privateKey } of devnetKeys().executors) {
    const consent = await privateKeyToAccount(privateKey).signTypedData({
      ...{ domain, types: executorConsentTypes, primaryType: 'ExecutorConsent' },
      message: { bundlerId, operator },
    })
    await settled(
      faucet,
      await faucet.writeContract({ ...registry, functionName: 'addExecutor', args: [bundlerId, consent] }),
    )
  }
  return bundlerId
}

describe('the tip for the bundler in turn', () => {
  it('is owed to who brought a sponsored operation in, once that one is registered', async () => {
    const { devnet, client, faucet } = stage
    const { paymaster, bundlerRegistry: registry } = devnet.contracts
    const contract = { address: paymaster, abi: computePaymasterAbi } as const
    const owner = await createDeploymentClient({
      rpcUrl: devnet.rpcUrl,
      privateKey: devnetKeys().paymasterOwner.privateKey,
      pollMilliseconds: 100,
    })
    expect(await setLeaderTip({ client: owner, paymaster, registry, tipWei })).toMatchObject({ ok: true })
    expect((await sponsored()).success).toBe(true)
    expect(await client.readContract({ ...contract, functionName: 'tipsOwedWei' })).toBe(0n)
    const bundlerId = await registerBundler()
    expect((await sponsored()).success).toBe(true)
    const owedTo = { ...contract, functionName: 'tipsOf', args: [registry, bundlerId] } as const
    expect(await client.readContract(owedTo)).toBe(tipWei)
    await settled(
      faucet,
      await faucet.writeContract({ ...contract, functionName: 'claimTips', args: [registry, bundlerId] }),
    )
    expect(await client.readContract(owedTo)).toBe(0n)
  }, 300_000)
})
