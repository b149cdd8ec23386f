// A ComputeAccount as viem and permissionless know smart accounts: one owner, a key, a passkey or a wallet.
import { type Address, encodeFunctionData, type Hex, hashMessage, hashTypedData } from 'viem'
import {
  entryPoint07Abi,
  getUserOperationHash,
  type SmartAccount,
  type SmartAccountImplementation,
  toSmartAccount,
} from 'viem/account-abstraction'
import { getChainId, readContract } from 'viem/actions'
import * as computeAccountFactory from '../abi/computeAccountFactory.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { entryPoint07Address } from '../protocol/entryPoint.ts'
import { decodeAccountCalls, encodeAccountCalls } from './computeAccountCalls.ts'
import { toOwnerBytes } from './ownerBytes.ts'
import { accountOf, ownerSigner, type SigningOwner } from './ownerSigner.ts'

export type ToComputeAccountParameters = WithContracts & {
  /** Of a node of the chain. */
  readonly client: ComputeAccountImplementation['client']
  /**
   * A key of viem; a passkey (`toWebAuthnAccount({ credential })`, or anything that signs like it); or a wallet client,
   * whose account may be an injected wallet's (`json-rpc`).
   */
  readonly owner: SigningOwner
  /** Tells several accounts of one owner apart. Default: 0. */
  readonly salt?: bigint | undefined
  /** Of an account whose owner has changed since it was created. Default: where this owner's account is. */
  readonly address?: Address | undefined
}
export type ComputeAccountImplementation = SmartAccountImplementation<typeof entryPoint07Abi, '0.7'>
export type ToComputeAccountReturnType = SmartAccount<ComputeAccountImplementation>

/**
 * Returns a ComputeAccount, deployed or not, for any client that takes smart accounts. It signs messages and
 * typed data by ERC-1271 (ERC-6492 until it is deployed).
 *
 * @example
 * import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
 * import { createSmartAccountClient } from 'permissionless'
 * import { http } from 'viem'
 * import { privateKeyToAccount } from 'viem/accounts'
 *
 * const account = await toComputeAccount({ client: publicClient, contracts, owner: privateKeyToAccount(key) })
 * const client = createSmartAccountClient({ account, client: publicClient, bundlerTransport: http(bundlerUrl) })
 */
export async function toComputeAccount(
  parameters: ToComputeAccountParameters,
): Promise<ToComputeAccountReturnType> {
  const { client, contracts, owner, salt = 0n } = parameters
  const chainId = client.chain?.id ?? (await getChainId(client))
  const signer = ownerSigner(owner)
  const factory = {
    address: contracts.computeAccountFactory,
    abi: [computeAccountFactory.getAddress, computeAccountFactory.createAccount],
  } as const
  const creation = [toOwnerBytes(accountOf(owner)), salt] as const
  const address =
    parameters.address ??
    (await readContract(client, { ...factory, functionName: 'getAddress', args: creation }))
  const signHash = (hash: Hex) => signer.signFor(hash, { account: address, chainId })

  return await toSmartAccount<ComputeAccountImplementation>({
    client,
    entryPoint: { abi: entryPoint07Abi, address: entryPoint07Address, version: '0.7' },
    getAddress: async () => address,
    getFactoryArgs: async () => ({
      factory: factory.address,
      factoryData: encodeFunctionData({ ...factory, functionName: 'createAccount', args: creation }),
    }),
    encodeCalls: async calls => encodeAccountCalls(calls),
    decodeCalls: async data => decodeAccountCalls(data),
    getStubSignature: async () => signer.stubSignature,
    sign: ({ hash }) => signHash(hash),
    signMessage: ({ message }) => signHash(hashMessage(message)),
    signTypedData: typedData => signHash(hashTypedData(typedData as Parameters<typeof hashTypedData>[0])),
    signUserOperation: async ({ chainId: onChain = chainId, ...userOperation }) =>
      await signer.signOperation(
        getUserOperationHash({
          chainId: onChain,
          entryPointAddress: entryPoint07Address,
          entryPointVersion: '0.7',
          userOperation: { ...userOperation, sender: address },
        }),
      ),
  })
}
