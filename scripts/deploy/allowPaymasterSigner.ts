// Lets a key sign for the paymaster, which its owner alone can do.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, encodeFunctionData, isAddressEqual } from 'viem'
import type { DeploymentClient } from './deploymentClient.ts'
import { sendTransactions } from './sendTransactions.ts'

/** `client` has the owner's key; nothing is sent when the signer is allowed already. */
export async function allowPaymasterSigner(options: {
  readonly client: DeploymentClient
  readonly paymaster: Address
  readonly signer: Address
}): Promise<Result<{ readonly outcome: 'allowed' | 'found' }>> {
  const { client, paymaster, signer } = options
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  if (await client.readContract({ ...contract, functionName: 'isSigner', args: [signer] })) {
    return accept({ outcome: 'found' })
  }
  const owner = await client.readContract({ ...contract, functionName: 'owner' })
  if (!isAddressEqual(owner, client.account.address)) {
    return refuse({
      code: 77, // EX_NOPERM of sysexits.h
      message: `The paymaster's owner ${owner} has to call setSigner(${signer}, true) itself: ${client.account.address} is not the owner`,
    })
  }
  const data = encodeFunctionData({ ...contract, functionName: 'setSigner', args: [signer, true] })
  await sendTransactions(client, [{ to: paymaster, data }])
  return accept({ outcome: 'allowed' })
}
