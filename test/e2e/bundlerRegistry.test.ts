// The deployed registry on a real chain: what the SDK signs is what it checks, and an epoch is rolled and read.
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import { promiseCourtAbi } from '@worldland-aa/sdk/abi/promiseCourt'
import {
  bundleCommitTypes,
  bundlerRegistrationTypes,
  bundlingDomain,
  executorConsentTypes,
  inclusionPromiseTypes,
} from '@worldland-aa/sdk/protocol/bundling'
import { type Hex, hashTypedData, keccak256, parseEther, slice } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestChain, type TestChain } from '../support/chain.ts'

let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
})
afterAll(async () => chain.stop())

const multiaddr = '/ip4/192.0.2.7/tcp/4337'

describe('the registry of bundlers', () => {
  it('takes the signatures that the SDK describes, and draws its leaders from who is staked', async () => {
    const { faucet, deployment, anvil } = chain
    const registry = { address: deployment.contracts.bundlerRegistry, abi: bundlerRegistryAbi } as const
    const domain = bundlingDomain(deployment.chainId, registry.address)
    const operator = faucet.account.address
    const node = privateKeyToAccount(generatePrivateKey())
    const executor = privateKeyToAccount(generatePrivateKey())
    const written = async (hash: Hex) => {
      const receipt = await faucet.waitForTransactionReceipt({ hash })
      expect(receipt.status).toBe('success')
    }

    const possession = await node.signTypedData({
      domain,
      types: bundlerRegistrationTypes,
      primaryType: 'BundlerRegistration',
      message: { operator },
    })
    // Without the 04 that says that both coordinates follow.
    const publicKey = slice(node.publicKey, 1)
    await written(
      await faucet.writeContract({
        ...registry,
        functionName: 'register',
        args: [publicKey, possession, multiaddr],
        value: parseEther('100'),
      }),
    )
    const consent = await executor.signTypedData({
      domain,
      types: executorConsentTypes,
      primaryType: 'ExecutorConsent',
      message: { bundlerId: 1, operator },
    })
    await written(
      await faucet.writeContract({ ...registry, functionName: 'addExecutor', args: [1, consent] }),
    )
    expect(
      await faucet.readContract({ ...registry, functionName: 'bundlerOf', args: [executor.address] }),
    ).toBe(1)
    expect(await faucet.readContract({ ...registry, functionName: 'bundler', args: [1] })).toMatchObject({
      operator,
      nodeKey: node.address,
      publicKey,
      addresses: multiaddr,
      stakeWei: parseEther('100'),
    })

    await anvil.mine({ blocks: 256 })
    const [epoch, isDue] = await faucet.readContract({ ...registry, functionName: 'epochToRoll' })
    expect(isDue).toBe(true)
    await written(await faucet.writeContract({ ...registry, functionName: 'rollEpoch' }))
    const leaders = await faucet.readContract({ ...registry, functionName: 'leaderTable', args: [epoch] })
    expect(leaders).toHaveLength(64)
    expect(leaders.at(-1)).toBe(1)
  })

  it('has a court that hashes promises and commits as the SDK does', async () => {
    const { faucet, deployment } = chain
    const address = await faucet.readContract({
      address: deployment.contracts.bundlerRegistry,
      abi: bundlerRegistryAbi,
      functionName: 'court',
    })
    const court = { address, abi: promiseCourtAbi } as const
    const domain = bundlingDomain(deployment.chainId, address)
    const promise = {
      bundlerId: 1,
      userOpHash: keccak256('0x01'),
      sender: faucet.account.address,
      nonce: 2n ** 200n + 7n,
      latestBlock: 1_234n,
      maxBaseFeePerGas: parseEther('0.000000003'),
    }
    expect(await faucet.readContract({ ...court, functionName: 'hashOf', args: [promise] })).toBe(
      hashTypedData({
        domain,
        types: inclusionPromiseTypes,
        primaryType: 'InclusionPromise',
        message: promise,
      }),
    )
    const commit = {
      bundlerId: 1,
      window: 309n,
      sequence: 2,
      operationsHash: keccak256('0x02'),
      transactionHash: keccak256('0x03'),
    }
    expect(await faucet.readContract({ ...court, functionName: 'hashOfCommit', args: [commit] })).toBe(
      hashTypedData({ domain, types: bundleCommitTypes, primaryType: 'BundleCommit', message: commit }),
    )
  })
})
