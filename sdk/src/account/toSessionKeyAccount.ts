// A ComputeAccount as its session key sees it: the same address, but only what the session was granted.
import { type Address, concatHex, type LocalAccount, slice, toFunctionSelector } from 'viem'
import {
  entryPoint07Abi,
  getUserOperationHash,
  type SmartAccount,
  type SmartAccountImplementation,
  toSmartAccount,
} from 'viem/account-abstraction'
import { getChainId, readContract } from 'viem/actions'
import { executeUserOp } from '../abi/computeAccount.ts'
import { ComputeError } from '../errors/computeError.ts'
import { entryPoint07Address } from '../protocol/entryPoint.ts'
import { decodeAccountCalls, encodeAccountCalls } from './computeAccountCalls.ts'
import { stubKeySignature } from './ownerSigner.ts'

export type ToSessionKeyAccountParameters = {
  /** Of a node of the chain. */
  readonly client: SessionKeyAccountImplementation['client']
  /** The ComputeAccount to act for; it must be deployed. */
  readonly address: Address
  /** From `waitForSessionKey`. */
  readonly sessionKeyId: bigint
  readonly key: LocalAccount
}
export type SessionKeyAccountImplementation = SmartAccountImplementation<
  typeof entryPoint07Abi,
  '0.7',
  { readonly sessionKeyId: bigint }
>
export type ToSessionKeyAccountReturnType = SmartAccount<SessionKeyAccountImplementation>

const executeUserOperation = toFunctionSelector(executeUserOp)
const selectorBytes = 4
const laneBits = 64n

/**
 * Returns the account of a session key. Each operation goes into a lane of its own, so none waits for
 * another. It signs operations only, and pays gas in the token only out of an allowance that the owner left
 * the paymaster.
 *
 * @example
 * import { toSessionKeyAccount } from '@worldland-aa/sdk/account/toSessionKeyAccount'
 * import { createSmartAccountClient } from 'permissionless'
 * import { http } from 'viem'
 *
 * const account = await toSessionKeyAccount({ client: publicClient, address, sessionKeyId: 1n, key: agentKey })
 * const agent = createSmartAccountClient({ account, client: publicClient, bundlerTransport: http(bundlerUrl) })
 */
export async function toSessionKeyAccount(
  parameters: ToSessionKeyAccountParameters,
): Promise<ToSessionKeyAccountReturnType> {
  const { client, address, sessionKeyId, key } = parameters
  const chainId = client.chain?.id ?? (await getChainId(client))
  return await toSmartAccount<SessionKeyAccountImplementation>({
    client,
    entryPoint: { abi: entryPoint07Abi, address: entryPoint07Address, version: '0.7' },
    extend: { sessionKeyId },
    getAddress: async () => address,
    getFactoryArgs: async () => ({ factory: undefined, factoryData: undefined }),
    encodeCalls: async calls => concatHex([executeUserOperation, encodeAccountCalls(calls)]),
    decodeCalls: async data => decodeAccountCalls(slice(data, selectorBytes)),
    // The contract reads the session out of the nonce's upper half, the lane out of the next 64 bits.
    getNonce: async ({ key: lane = 0n } = {}) =>
      await readContract(client, {
        address: entryPoint07Address,
        abi: entryPoint07Abi,
        functionName: 'getNonce',
        args: [address, (sessionKeyId << laneBits) | lane],
      }),
    getStubSignature: async () => stubKeySignature,
    signMessage: refuseToSign,
    signTypedData: refuseToSign,
    signUserOperation: async ({ chainId: onChain = chainId, ...userOperation }) =>
      await key.signMessage({
        message: {
          raw: getUserOperationHash({
            chainId: onChain,
            entryPointAddress: entryPoint07Address,
            entryPointVersion: '0.7',
            userOperation: { ...userOperation, sender: address },
          }),
        },
      }),
  })
}

async function refuseToSign(): Promise<never> {
  throw new ComputeError({
    problem: 'A session key cannot sign for the account: what it signed would escape its budgets.',
    remedy: 'Sign by the owner (toComputeAccount).',
  })
}
