// What the console asks of the data file, in a thread of its own.
import type { Reader } from '@worldland-aa/service/database/reader'
import type { DecisionView, LedgerRow, Operation, OperationFilter } from '../../admin/operations/schema.ts'
import { type Count, countOperations, listOperations, type Page, type PageQuestion } from './list.ts'
import { type HouseFigures, readHouse } from './readHouse.ts'
import { findOperationId, readDecision, readLedgerRow, readOperation } from './readOperation.ts'

export type KeptOperation = {
  readonly operation: Operation
  readonly decision: DecisionView | undefined
  readonly ledger: LedgerRow | undefined
}

export const queries = {
  page: (reader: Reader, question: PageQuestion): Page => listOperations(reader, question),
  count: (reader: Reader, filter: OperationFilter): Count => countOperations(reader, filter),
  /** By its row's number or its hash. */
  one(reader: Reader, named: string): KeptOperation | undefined {
    const id = findOperationId(reader, named)
    const operation = id === undefined ? undefined : readOperation(reader, id)
    if (id === undefined || operation === undefined) return undefined
    return { operation, decision: readDecision(reader, id), ledger: readLedgerRow(reader, id) }
  },
  house: (reader: Reader, question: { readonly sinceSeconds: number }): HouseFigures =>
    readHouse(reader, question),
}
export type ExplorerQueries = typeof queries
