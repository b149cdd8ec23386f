// Puts the paymaster's name to an operation and its terms; whoever calls has reserved the cost before.
import {
  encodePaymasterData,
  type OperationUnderTerms,
  type PaymasterTerms,
  sponsoredUserOperationTypedData,
} from '@worldland-aa/sdk/protocol/paymasterData'
import type { Address, Hash, Hex, TypedDataDefinition } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import type { Signer } from './signer.ts'

export type SignedTerms = {
  readonly paymasterData: Hex
  /** Of the operation as it will land: an account's signature is not part of it. */
  readonly userOperationHash: Hash
}

export async function signTerms(options: {
  readonly signer: Signer
  readonly chainId: number
  readonly entryPoint: Address
  readonly userOperation: OperationUnderTerms
  readonly terms: PaymasterTerms
}): Promise<SignedTerms> {
  const { signer, chainId, entryPoint, userOperation, terms } = options
  const typedData = sponsoredUserOperationTypedData({ chainId, userOperation, terms })
  const signature = await signer.signTypedData(typedData as TypedDataDefinition)
  const paymasterData = encodePaymasterData(terms, signature)
  const userOperationHash = getUserOperationHash({
    chainId,
    entryPointAddress: entryPoint,
    entryPointVersion: '0.7',
    userOperation: { ...userOperation, paymasterData, signature: '0x' },
  })
  return { paymasterData, userOperationHash }
}
