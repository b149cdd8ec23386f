// Lets a key sign for the paymaster, or no more, which its owner alone can do.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, encodeFunctionData, isAddressEqual } from 'viem'
import type { DeploymentClient } from './deploymentClient.ts'
import { sendTransactions } from './sendTransactions.ts'

type SignerOptions = {
  /** With the owner's key; nothing is sent when the contract has it so already. */
  readonly client: DeploymentClient
  readonly paymaster: Address
  readonly signer: Address
}

type Outcome = Result<{ readonly outcome: 'changed' | 'found' }>

export const allowPaymasterSigner = (options: SignerOptions): Promise<Outcome> => setSigner(options, true)

export const revokePaymasterSigner = (options: SignerOptions): Promise<Outcome> => setSigner(options, false)

async function setSigner({ client, paymaster, signer }: SignerOptions, allowed: boolean): Promise<Outcome> {
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  const isAllowed = await client.readContract({ ...contract, functionName: 'isSigner', args: [signer] })
  if (isAllowed === allowed) return accept({ outcome: 'found' })
  const owner = await client.readContract({ ...contract, functionName: 'owner' })
  if (!isAddressEqual(owner, client.account.address)) {
    return refuse({
      code: 77, // EX_NOPERM of sysexits.h
      message: `The paymaster's owner ${owner} has to call setSigner(${signer}, ${allowed}) itself: ${client.account.address} is not the owner`,
    })
  }
  const data = encodeFunctionData({ ...contract, functionName: 'setSigner', args: [signer, allowed] })
  await sendTransactions(client, [{ to: paymaster, data }])
  return accept({ outcome: 'changed' })
}
