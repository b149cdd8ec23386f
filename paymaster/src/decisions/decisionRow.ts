// What is kept of a decided request. All of it is bounded here: a stranger writes the operation, and with it most of what
// is said about it.
import { type Address, type Hex, numberToHex, size, slice } from 'viem'
import { readOutermostCalls } from '../policy/operationCalls.ts'
import { onChainPolicyId } from '../policy/policyId.ts'
import type { RuleOutcome } from '../policy/ruleOutcome.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { toBytes } from './bytes.ts'
import type { DecidedRequest } from './decidedRequest.ts'
import type { Facet } from './facets.ts'
import { keepRules, shortened } from './keptRules.ts'
import { ruleOfReason } from './ruleOfReason.ts'
import { withoutNone } from './showExposures.ts'

export type DecisionRow = {
  readonly facet: Facet
  /** The operator's own name of the policy. */
  readonly policyName: string | undefined
  readonly policyVersion: number | null
  readonly sender: Buffer | null
  readonly nonce: string | null
  readonly userOperationHash: Buffer | null
  readonly exposureId: number | null
  readonly caller: string
  readonly maxCostWei: string | null
  readonly detail: DecisionDetail
}

export type DecisionDetail = {
  readonly sentence: string
  readonly rules: string
  readonly calls: string
  readonly more_calls: number
  readonly valid_until: number | null
  readonly operation: string | null
  readonly call_data: Buffer | null
  readonly factory_data: Buffer | null
  readonly signature: Buffer | null
  readonly operation_note: string | null
}

const mostCalls = 16
const mostSentenceLength = 800
/** Of callData and factoryData; most operations have some hundred. */
const mostDataBytes = 16_384
const mostSignatureBytes = 4_096

/** `isPolicy`: of a name that a stranger may have made up, whether the house has such a policy. */
export function toDecisionRow(decided: DecidedRequest, isPolicy: (id: string) => boolean): DecisionRow {
  const operation = decided.request?.operation
  const common = {
    sender: operation === undefined ? null : toBytes(operation.sender),
    nonce: operation === undefined ? null : String(operation.nonce),
    apiKeyId: decided.request?.apiKeyId ?? '',
  }
  if (decided.outcome === 'refused') {
    const { message } = decided.refusal
    const reason = reasonOf(decided.refusal.data)
    const policy = decided.policyId !== undefined && isPolicy(decided.policyId) ? decided.policyId : undefined
    const rules = decided.rules.length > 0 ? decided.rules : [ruleOfReason(reason, message)]
    return {
      ...common,
      facet: {
        outcome: 'refused',
        state: 'none',
        mode: operation === undefined ? 'unknown' : modeAskedFor(decided.request),
        policyId: policy === undefined ? '' : onChainPolicyId(policy),
        reason,
        apiKeyId: common.apiKeyId,
      },
      policyName: policy,
      policyVersion: null,
      userOperationHash: null,
      exposureId: null,
      caller: decided.caller,
      maxCostWei: null,
      detail: { ...detailOf(message, rules, operation), ...noOperation },
    }
  }
  const { request, granted } = decided
  const { decision, validUntil } = granted
  const { policy } = decision
  const sentence =
    policy === undefined
      ? `Signed for in the mode ${decision.mode}: the sender pays.`
      : `Policy "${policy.id}" sponsors it.`
  return {
    ...common,
    facet: {
      outcome: 'granted',
      state: 'reserved',
      mode: decision.mode,
      policyId: withoutNone(policy?.onChainId ?? ''),
      reason: '',
      apiKeyId: common.apiKeyId,
    },
    policyName: policy?.id,
    policyVersion: policy?.version ?? null,
    userOperationHash: toBytes(granted.userOperationHash),
    exposureId: granted.exposureId,
    caller: request.caller,
    maxCostWei: String(decision.maxCostWei),
    detail: {
      ...detailOf(sentence, granted.rules, request.operation),
      valid_until: validUntil,
      ...keptOperation(request.operation),
    },
  }
}

/** Of those that this service knows: what a stranger may choose must not make facets. */
function reasonOf(data: unknown): string {
  const reason = (data as { reason?: unknown } | undefined)?.reason
  return typeof reason === 'string' ? reason : 'other'
}

function modeAskedFor(request: DecidedRequest['request']): string {
  const by = request?.payment.by
  if (by === 'operator') return 'sponsor'
  return by === undefined ? 'unknown' : by === 'sender' ? 'token' : by
}

function detailOf(
  sentence: string,
  rules: readonly RuleOutcome[],
  operation: RequestedOperation | undefined,
): Pick<DecisionDetail, 'sentence' | 'rules' | 'calls' | 'more_calls'> {
  const decoded = operation === undefined ? undefined : readOutermostCalls(operation)
  const calls = decoded?.ok === true ? decoded.calls : []
  return {
    sentence: shortened(sentence, mostSentenceLength),
    rules: keepRules(rules),
    calls: JSON.stringify(
      calls.slice(0, mostCalls).map(({ to, valueWei, data }) => ({
        to,
        selector: size(data) <= 4 ? data : slice(data, 0, 4),
        valueWei: String(valueWei),
        dataBytes: size(data),
      })),
    ),
    more_calls: Math.max(0, calls.length - mostCalls),
  }
}

const noOperation = {
  valid_until: null,
  operation: null,
  call_data: null,
  factory_data: null,
  signature: null,
  operation_note: null,
}

function keptOperation(
  operation: RequestedOperation,
): Omit<typeof noOperation, 'valid_until'> | KeptOperation {
  const { callData, factoryData = '0x', signature = '0x', factory } = operation
  if (size(callData) > mostDataBytes || size(factoryData) > mostDataBytes) {
    const { valid_until: _, ...none } = noOperation
    return { ...none, operation_note: `Its data is longer than the ${mostDataBytes} bytes that are kept.` }
  }
  return {
    operation: JSON.stringify({ ...shortFields(operation), ...(factory !== undefined && { factory }) }),
    call_data: toBytes(callData),
    factory_data: factory === undefined ? null : toBytes(factoryData),
    signature: size(signature) > mostSignatureBytes ? null : toBytes(signature),
    operation_note: null,
  }
}

type KeptOperation = Pick<
  DecisionDetail,
  'operation' | 'call_data' | 'factory_data' | 'signature' | 'operation_note'
>

function shortFields(operation: RequestedOperation): Record<string, Address | Hex> {
  const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = operation
  return {
    sender: operation.sender,
    nonce: numberToHex(operation.nonce),
    callGasLimit: numberToHex(operation.callGasLimit),
    verificationGasLimit: numberToHex(operation.verificationGasLimit),
    preVerificationGas: numberToHex(operation.preVerificationGas),
    maxFeePerGas: numberToHex(operation.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(operation.maxPriorityFeePerGas),
    ...(paymasterVerificationGasLimit !== undefined && {
      paymasterVerificationGasLimit: numberToHex(paymasterVerificationGasLimit),
    }),
    ...(paymasterPostOpGasLimit !== undefined && {
      paymasterPostOpGasLimit: numberToHex(paymasterPostOpGasLimit),
    }),
  }
}
