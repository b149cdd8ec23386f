// What a dApp's first user does, with plain viem: a new account, no coin, one signature.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { type Address, createPublicClient, type Hash, http } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

export type LandedOperation = {
  readonly userOperationHash: Hash
  readonly account: Address
  readonly paymaster: Address
  readonly blockNumber: bigint
  readonly costWei: bigint
}

/** Throws when the operation is refused, reverts or has not landed in time. */
export async function landSponsored(options: {
  readonly rpcUrl: string
  readonly bundlerUrl: string
  readonly contracts: ComputeContracts
  readonly patienceSeconds: number
}): Promise<LandedOperation> {
  const { rpcUrl, bundlerUrl, contracts, patienceSeconds } = options
  const transport = http(rpcUrl)
  const chain = { ...worldland, id: await createPublicClient({ transport }).getChainId() }
  const client = createPublicClient({ chain, transport })
  const account = await toComputeAccount({
    client,
    contracts,
    owner: privateKeyToAccount(generatePrivateKey()),
  })
  const bundler = createBundlerClient({
    account,
    client,
    transport: http(bundlerUrl, { timeout: 60_000 }),
    paymaster: true,
    pollingInterval: 500,
  })
  const userOperationHash = await bundler.sendUserOperation({
    calls: [
      {
        to: contracts.token,
        abi: computeTokenAbi,
        functionName: 'approve',
        args: [contracts.instanceLease, 0n],
      },
    ],
  })
  const { success, reason, paymaster, actualGasCost, receipt } = await bundler.waitForUserOperationReceipt({
    hash: userOperationHash,
    timeout: patienceSeconds * 1_000,
  })
  if (!success) throw new Error(`${userOperationHash} landed but failed: ${reason}`)
  if (paymaster === undefined) throw new Error(`${userOperationHash} was not sponsored`)
  return {
    userOperationHash,
    account: account.address,
    paymaster,
    blockNumber: receipt.blockNumber,
    costWei: actualGasCost,
  }
}
