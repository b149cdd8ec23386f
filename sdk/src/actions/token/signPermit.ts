// Lets somebody pull compute tokens by a signature instead of a transaction (EIP-2612).
import { type Address, type Client, type Hex, maxUint256, type ReadContractErrorType } from 'viem'
import { getChainId, readContract } from 'viem/actions'
import * as computeToken from '../../abi/computeToken.ts'
import type { TypedDataSigner } from '../../account/typedDataSigner.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'

export type SignPermitParameters = WithContracts & {
  /** Whose tokens; a smart account must be deployed and speak ERC-1271. */
  readonly signer: TypedDataSigner
  readonly spender: Address
  /** Token wei. */
  readonly amountWei: bigint
  /**
   * Last second, since 1970. Default: none (`2^256 - 1`); then the token never reads the clock, so that the permit
   * may also be used during ERC-4337 validation.
   */
  readonly deadline?: bigint | undefined
}
export type SignedPermit = {
  readonly owner: Address
  readonly spender: Address
  readonly amountWei: bigint
  readonly deadline: bigint
  readonly signature: Hex
}
export type SignPermitReturnType = SignedPermit
export type SignPermitErrorType = ReadContractErrorType

/**
 * Signs a permit with the signer's present permit nonce, for `usePermit`.
 *
 * @example
 * import { signPermit } from '@worldland-aa/sdk/actions/token/signPermit'
 * import { parseEther } from 'viem'
 *
 * const permit = await signPermit(publicClient, {
 *   contracts,
 *   signer: owner,
 *   spender: contracts.paymaster,
 *   amountWei: parseEther('1'),
 * })
 */
export async function signPermit(
  client: Client | SmartAccountClient,
  parameters: SignPermitParameters,
): Promise<SignPermitReturnType> {
  const { contracts, signer, spender, amountWei, deadline = maxUint256 } = parameters
  const chainClient = chainClientOf(client)
  const token = { address: contracts.token, abi: [computeToken.nonces, computeToken.name] } as const
  const owner = signer.address
  const [nonce, name, chainId] = await Promise.all([
    readContract(chainClient, { ...token, functionName: 'nonces', args: [owner] }),
    readContract(chainClient, { ...token, functionName: 'name' }),
    chainClient.chain?.id ?? getChainId(chainClient),
  ])
  const signature = await signer.signTypedData({
    domain: { name, version: '1', chainId, verifyingContract: contracts.token },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: { owner, spender, value: amountWei, nonce, deadline },
  })
  return { owner, spender, amountWei, deadline, signature }
}
