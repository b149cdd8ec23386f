// Puts the paymaster's name to an operation and its terms; whoever calls has reserved the cost before.
import {
  encodePaymasterData,
  type OperationUnderTerms,
  type PaymasterTerms,
} from '@worldland-aa/sdk/protocol/paymasterData'
import type { Hash, Hex } from 'viem'
import type { Signer } from './signer.ts'
import type { TermsHash } from './termsHash.ts'

export type SignedTerms = {
  readonly paymasterData: Hex
  /** Of the operation as it will land: an account's signature is not part of it. */
  readonly userOperationHash: Hash
}

export async function signTerms(options: {
  readonly signer: Signer
  readonly hashOf: TermsHash
  readonly userOperation: OperationUnderTerms
  readonly terms: PaymasterTerms
}): Promise<SignedTerms> {
  const { signer, hashOf, userOperation, terms } = options
  const hashes = hashOf(userOperation, terms)
  const signature = await signer.sign(hashes.digest)
  const paymasterData = encodePaymasterData(terms, signature)
  return { paymasterData, userOperationHash: hashes.userOperationHash(signature) }
}
