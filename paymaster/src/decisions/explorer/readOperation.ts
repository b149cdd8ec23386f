// One decision as the console sees it, joined with what the ledger says became of it.
import type { Reader } from '@worldland-aa/service/database/reader'
import { type Address, getAddress, type Hex } from 'viem'
import type {
  DecisionView,
  LedgerRow,
  Operation,
  OperationOutcome,
  OperationState,
} from '../../admin/operations/schema.ts'
import { fromBytes } from '../bytes.ts'
import { readRules } from '../keptRules.ts'

type Row = {
  id: number
  at: number
  last_at: number
  times: number
  sender: Uint8Array | null
  nonce: string | null
  user_operation_hash: Uint8Array | null
  exposure_id: number | null
  caller: string | null
  policy_version: number | null
  max_cost_wei: string | null
  outcome: string
  state: string
  mode: string
  policy_id: string
  policy_name: string | null
  reason: string
  api_key_id: string
  landed_user_operation_hash: string | null
  landed_block_number: number | null
  landed_transaction_hash: string | null
  landed_at: number | null
  actual_cost_wei: string | null
  loss_wei: string | null
  charge_wei: string | null
  charge_paid: number | null
  succeeded: number | null
  charged_token: string | null
  charged_units: string | null
  token_symbol: string | null
  token_decimals: number | null
}

const oneRow = `select decision.*, outcome, decision_facet.state, decision_facet.mode, decision_facet.policy_id,
  reason, api_key_id, decision_policy.id as policy_name, landed_user_operation_hash, landed_block_number,
  landed_transaction_hash, landed_at, actual_cost_wei, loss_wei, charge_wei, charge_paid, succeeded,
  charged_token, charged_units, token.symbol as token_symbol, token.decimals as token_decimals
  from decision join decision_facet on decision_facet.id = decision.facet_id
  left join decision_policy on decision_policy.on_chain_id = decision_facet.policy_id
  left join exposure on exposure.id = decision.exposure_id
  left join token on token.address = exposure.charged_token`

export function readOperation(reader: Reader, id: number): Operation | undefined {
  const row = reader.get<Row>(`${oneRow} where decision.id = ?`, id)
  return row && toOperation(row)
}

/** By the row's number, or a user operation's hash. */
export function findOperationId(reader: Reader, named: string): number | undefined {
  if (/^\d{1,15}$/.test(named)) return Number(named)
  const hash = Buffer.from(named.slice(2), 'hex')
  return reader.get<{ id: number }>('select id from decision where user_operation_hash = ?', hash)?.id
}

function toOperation(row: Row): Operation {
  const userOperationHash = row.user_operation_hash && fromBytes(row.user_operation_hash)
  // Another signature of the same nonce may be the one that landed.
  const hasLanded = userOperationHash !== null && row.landed_user_operation_hash === userOperationHash
  const landed = <Value>(value: Value | null): Value | null => (hasLanded ? value : null)
  const isPaid = landed(row.charge_paid)
  const succeeded = landed(row.succeeded)
  const blockNumber = landed(row.landed_block_number)
  return {
    id: String(row.id),
    atSeconds: row.at,
    lastAtSeconds: row.last_at,
    times: row.times,
    outcome: row.outcome as OperationOutcome,
    state: row.state as OperationState,
    mode: row.mode,
    policyId: row.policy_id === '' ? null : (row.policy_name ?? row.policy_id),
    policyVersion: row.policy_version,
    apiKeyId: row.api_key_id === '' ? null : row.api_key_id,
    caller: row.caller,
    sender: row.sender && checksummed(fromBytes(row.sender)),
    nonce: row.nonce,
    userOperationHash,
    reason: row.reason === '' ? null : row.reason,
    maxCostWei: row.max_cost_wei,
    actualCostWei: landed(row.actual_cost_wei),
    // What is sponsored was not to come back: its cost is no loss.
    lossWei: landed(row.mode === 'sponsor' ? '0' : row.loss_wei),
    chargeWei: landed(row.charge_wei),
    isChargePaid: isPaid === null ? null : isPaid === 1,
    tokenCharge: landed(tokenChargeOf(row)),
    succeeded: succeeded === null ? null : succeeded === 1,
    blockNumber: blockNumber === null ? null : String(blockNumber),
    landedAtSeconds: landed(row.landed_at),
    transactionHash: landed(row.landed_transaction_hash),
  }
}

function tokenChargeOf(row: Row): Operation['tokenCharge'] {
  const { charged_token: token, charged_units: units, token_symbol, token_decimals } = row
  if (token === null || units === null) return null
  return {
    token: checksummed(token as Hex),
    symbol: token_symbol ?? '',
    decimals: token_decimals ?? 0,
    units,
  }
}

type DetailRow = {
  sentence: string
  rules: string
  calls: string
  more_calls: number
  valid_until: number | null
  operation: string | null
  call_data: Uint8Array | null
  factory_data: Uint8Array | null
  signature: Uint8Array | null
  operation_note: string | null
}

export function readDecision(reader: Reader, id: number): DecisionView | undefined {
  const row = reader.get<DetailRow>('select * from decision_detail where decision_id = ?', id)
  if (row === undefined) return undefined
  return {
    sentence: row.sentence,
    rules: readRules(row.rules).map(({ code = null, values = {}, ...rule }) => ({ ...rule, code, values })),
    calls: JSON.parse(row.calls),
    moreCalls: row.more_calls,
    validUntilSeconds: row.valid_until,
    operation:
      row.operation === null || row.call_data === null
        ? null
        : {
            ...JSON.parse(row.operation),
            callData: fromBytes(row.call_data),
            ...(row.factory_data && { factoryData: fromBytes(row.factory_data) }),
            ...(row.signature && { signature: fromBytes(row.signature) }),
          },
    operationNote: row.operation_note,
  }
}

const mostSignatures = 50

export function readLedgerRow(reader: Reader, decisionId: number): LedgerRow | undefined {
  const exposure = reader.get<{ id: number; state: string; reserved_wei: string; valid_until: number }>(
    `select exposure.id, exposure.state, reserved_wei, valid_until from decision
      join exposure on exposure.id = decision.exposure_id where decision.id = ?`,
    decisionId,
  )
  if (exposure === undefined) return undefined
  const signatures = reader.all<{
    user_operation_hash: string
    mode: string
    max_cost_wei: string
    valid_until: number
    budget_ids: string
  }>(
    `select user_operation_hash, mode, max_cost_wei, valid_until, budget_ids from signature
      where exposure_id = ? order by valid_until desc limit ${mostSignatures}`,
    exposure.id,
  )
  return {
    exposureId: exposure.id,
    state: exposure.state.toLowerCase() as LedgerRow['state'],
    reservedWei: exposure.reserved_wei,
    validUntilSeconds: exposure.valid_until,
    signatures: signatures.map(signature => ({
      userOperationHash: signature.user_operation_hash,
      mode: signature.mode,
      maxCostWei: signature.max_cost_wei,
      validUntilSeconds: signature.valid_until,
    })),
    budgetIds: [...new Set(signatures.flatMap(({ budget_ids }) => JSON.parse(budget_ids) as string[]))],
  }
}

function checksummed(address: Hex): Address {
  return getAddress(address)
}
