// A party stands behind a statement by a signature, which anybody may then hand in.
import type { Hex } from 'viem'
import type { TypedDataSigner } from '../../account/typedDataSigner.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { type Statement, statementTypedData } from './statement.ts'

export type SignStatementParameters = WithContracts & {
  readonly chainId: number
  readonly statement: Statement
  /** The payer or the provider; a smart account must be deployed and speak ERC-1271. */
  readonly signer: TypedDataSigner
}
export type SignStatementReturnType = Hex

/**
 * Signs a statement (EIP-712), for `recordTraining` or `countersignTraining`. Pure: it asks no node.
 *
 * @example
 * import { signStatement } from '@worldland-aa/sdk/actions/provenance/signStatement'
 *
 * const providerSignature = await signStatement({ contracts, chainId: 103, statement, signer: providerKey })
 */
export async function signStatement(parameters: SignStatementParameters): Promise<SignStatementReturnType> {
  return await parameters.signer.signTypedData(statementTypedData(parameters))
}
