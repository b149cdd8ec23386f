// The explorer's rows as CSV, page after page as fast as they are taken: a million of them are never in memory.
import type { QueryThread } from '@worldland-aa/service/database/queryThread'
import type { ExplorerQueries } from '../../decisions/explorer/queries.ts'
import { csvField } from '../csv.ts'
import type { Operation, OperationFilter } from './schema.ts'

const rowsPerStep = 500

const columns = [
  'id',
  'time',
  'outcome',
  'state',
  'mode',
  'policyId',
  'policyVersion',
  'apiKeyId',
  'caller',
  'sender',
  'nonce',
  'userOperationHash',
  'reason',
  'times',
  'maxCostWei',
  'actualCostWei',
  'lossWei',
  'chargeWei',
  'isChargePaid',
  'chargedToken',
  'chargedTokenUnits',
  'succeeded',
  'blockNumber',
  'landedAt',
  'transactionHash',
] as const

export async function* operationsCsv(
  explorer: Pick<QueryThread<ExplorerQueries>, 'ask'>,
  filter: OperationFilter,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode(`${columns.join(',')}\r\n`)
  let cursor: string | undefined
  do {
    const page = await explorer.ask('page', { filter, limit: rowsPerStep, cursor })
    if (page.items.length > 0) yield encoder.encode(`${page.items.map(lineOf).join('\r\n')}\r\n`)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

function lineOf(operation: Operation): string {
  const { atSeconds, landedAtSeconds } = operation
  const landedAt = landedAtSeconds === null ? null : timeOf(landedAtSeconds)
  const fields = {
    ...operation,
    time: timeOf(atSeconds),
    landedAt,
    chargedToken: operation.tokenCharge?.token ?? null,
    chargedTokenUnits: operation.tokenCharge?.units ?? null,
  }
  return columns.map(column => csvField(fields[column])).join(',')
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
