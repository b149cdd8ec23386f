// JSON-RPC 2.0: the envelope, its own error codes, and what a method is.
import type { Credentials } from '../http/credentials.ts'
import type { Result } from '../result.ts'
import type { ExactNumber } from './exactIds.ts'

/** A number that a double does not hold is kept by its digits. */
export type RequestId = string | number | ExactNumber | null

export type RpcRequest = {
  readonly method: string
  readonly params: readonly unknown[]
  /** Absent for a notification, which gets no answer. */
  readonly id?: RequestId
}

export type RpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly error: RpcErrorBody }

export type RpcErrorBody = { readonly code: number; readonly message: string; readonly data?: unknown }

/** Who calls, and for how long. */
export type CallContext = {
  /** Whose limits the call counts against: an address, of IPv6 the /64 that one customer is given, or `key:` and an id. */
  readonly caller: string
  /** The address in any case; absent where the caller is one. */
  readonly address?: string
  /** Of the API key by which the caller was identified. */
  readonly apiKeyId?: string
  /** As they came, for whoever passes the call on. */
  readonly credentials?: Credentials
  /** Aborted when the caller is gone: what was not begun for it by then need not be begun. */
  readonly signal: AbortSignal
}

/** Answers one call. A refusal is a value; what it throws is reported as -32603 without its text. */
export type RpcMethod = (
  params: readonly unknown[],
  context: CallContext,
) => Promise<Result<unknown>> | Result<unknown>

export type RpcMethods = Readonly<Record<string, RpcMethod>>

/** Codes of the JSON-RPC 2.0 specification, -32005 as EIP-1474 has it, and two of our own for who may not call. */
export const rpcErrorCode = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  limitExceeded: -32005,
  /** HTTP 401. */
  unauthenticated: -32091,
  /** HTTP 403. */
  forbidden: -32093,
} as const
