// A ComputeAccount through its life: coin and tokens, an agent's key, another implementation, another owner.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { toSessionKeyAccount } from '@worldland-aa/sdk/account/toSessionKeyAccount'
import { toSessionPermission } from '@worldland-aa/sdk/actions/account/toSessionPermission'
import { getGasCharge } from '@worldland-aa/sdk/actions/operation/getGasCharge'
import { type Address, parseEther, sliceHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect } from 'vitest'
import { createMarketClient } from '../../../scripts/demo/marketClient.ts'
import { readOurArtifact } from '../../../scripts/deploy/artifact.ts'
import { landed } from '../../support/marketCast.ts'
import { createPasskey } from '../../support/passkey.ts'
import { inSeconds, type Scene } from './scene.ts'

/** ERC-1967. */
const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

export async function playAccount(scene: Scene): Promise<void> {
  const { stage, cast, people } = scene
  const { wanderer } = people
  const { client, publicClient, address, contracts } = wanderer
  const friend = cast.colleague.address
  await playCoin(scene)
  await playAgent(scene)

  const implementation = await deployImplementation(scene)
  await landed(wanderer, client.upgradeAccount({ implementation }))
  const slot = await stage.client.getStorageAt({ address, slot: implementationSlot })
  expect(sliceHex(slot ?? '0x', 12)).toBe(implementation.toLowerCase())

  const owner = createPasskey()
  await landed(wanderer, client.setAccountOwner({ owner }))
  await expect(client.transferToken({ to: friend, amountWei: 1n })).rejects.toThrow('AA24')
  const account = await toComputeAccount({ client: publicClient, contracts, owner, address })
  const byPasskey = createMarketClient(stage.devnet, { publicClient, account })
  const hash = await byPasskey.transferToken({ to: friend, amountWei: 1n })
  expect((await byPasskey.waitForUserOperation({ hash })).success).toBe(true)
}

/** Tokens become coin of the account and tokens again. */
async function playCoin({ stage, people }: Scene): Promise<void> {
  const { client, address, contracts } = people.wanderer
  const amountWei = parseEther('0.1')
  const coinWei = () => stage.client.getBalance({ address })
  const beforeWei = await client.getTokenBalance({ holder: address })
  const gasWei = async (sent: Awaited<ReturnType<typeof client.unwrapCoin>>) => {
    if (sent.kind !== 'userOperation') throw new Error('The wanderer has a smart account')
    const receipt = await client.waitForUserOperation({ hash: sent.userOperationHash })
    return getGasCharge({ contracts, receipt }) ?? 0n
  }
  const withdrawalWei = await gasWei(await client.unwrapCoin({ amountWei }))
  expect(await coinWei()).toBe(amountWei)
  const depositWei = await gasWei(await client.wrapCoin({ amountWei }))
  expect(await coinWei()).toBe(0n)
  expect(await client.getTokenBalance({ holder: address })).toBe(beforeWei - withdrawalWei - depositWei)
}

/** An agent fills the tank, though it may leave no allowance greater than it was, until its key is revoked. */
async function playAgent({ stage, people }: Scene): Promise<void> {
  const { client, address, contracts, publicClient } = people.wanderer
  const key = privateKeyToAccount(generatePrivateKey())
  const { sessionKeyId } = await client.waitForSessionKey({
    hash: await client.grantSessionKey({
      key: key.address,
      validUntilTimestamp: await inSeconds(stage, 3600),
      tokenBudgetWei: parseEther('0.1'),
      gasBudgetWei: parseEther('0.1'),
      gasPaymaster: contracts.paymaster,
      permissions: [
        toSessionPermission({ target: contracts.token, abi: computeTokenAbi, functionNames: ['approve'] }),
        toSessionPermission({
          target: contracts.paymaster,
          abi: computePaymasterAbi,
          functionNames: ['fillTank'],
        }),
      ],
    }),
  })
  const account = await toSessionKeyAccount({ client: publicClient, address, sessionKeyId, key })
  const agent = createMarketClient(stage.devnet, { publicClient, account })
  const amountWei = parseEther('0.05')
  await agent.waitForUserOperation({ hash: await agent.fillTank({ amountWei }) })
  expect((await client.getTank({ holder: address })).balanceWei).toBe(amountWei)
  await agent.waitForUserOperation({ hash: await agent.fillTank({ amountWei: 1n, gasFrom: 'tank' }) })
  await client.waitForUserOperation({ hash: await client.revokeAllSessionKeys() })
  expect(await client.getSessionKey({ computeAccount: address, sessionKeyId })).toBeUndefined()
  await expect(agent.fillTank({ amountWei: 1n })).rejects.toThrow('is over')
}

async function deployImplementation({ stage }: Scene): Promise<Address> {
  const { abi, creationCode: bytecode } = readOurArtifact('ComputeAccount')
  const args = [stage.devnet.entryPoint, stage.devnet.contracts.token]
  const hash = await stage.faucet.deployContract({ abi, bytecode, args })
  const { contractAddress } = await stage.faucet.waitForTransactionReceipt({ hash })
  if (contractAddress === null || contractAddress === undefined) throw new Error('Nothing was deployed')
  return contractAddress
}
