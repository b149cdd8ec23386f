// The id that a statement's record will have, without asking the chain.
import { type Hex, hashTypedData } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { type Statement, statementTypedData } from './statement.ts'

export type HashStatementParameters = WithContracts & {
  readonly chainId: number
  readonly statement: Statement
}
export type HashStatementReturnType = Hex

/**
 * Returns what the parties of a statement sign (EIP-712), which is its record's id as well.
 *
 * @example
 * import { hashStatement } from '@worldland-aa/sdk/actions/provenance/hashStatement'
 *
 * const recordId = hashStatement({ contracts, chainId: 103, statement })
 */
export function hashStatement(parameters: HashStatementParameters): HashStatementReturnType {
  return hashTypedData(statementTypedData(parameters))
}
