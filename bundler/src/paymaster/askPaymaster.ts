// Puts a question to the paymaster at --paymaster-url: the two daemons meet on JSON-RPC only.
import type { Credentials } from '@worldland-aa/service/http/credentials'
import { accept, type Result, refuse } from '@worldland-aa/service/result'

const timeoutMilliseconds = 15_000
/** EIP-1474 "resource unavailable". */
export const resourceUnavailable = -32002

export type AskedFor = {
  readonly caller?: string
  /** The caller's, as they came: the key is the paymaster's, and nothing to this bundler. */
  readonly credentials?: Credentials | undefined
  readonly signal?: AbortSignal
}

/** For a caller, whom a paymaster that trusts this bundler counts by it; or for the bundler. Never throws. */
export async function askPaymaster(
  paymasterUrl: string,
  method: string,
  params: unknown,
  { caller, credentials, signal }: AskedFor = {},
): Promise<Result<unknown>> {
  const patience = AbortSignal.timeout(timeoutMilliseconds)
  try {
    const response = await fetch(paymasterUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(caller && { 'x-forwarded-for': caller }),
        ...(credentials?.key && { 'x-api-key': credentials.key }),
        ...(credentials?.origin && { origin: credentials.origin }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    })
    return readAnswer(await response.json())
  } catch {
    return refuse({
      code: resourceUnavailable,
      message: 'The paymaster does not answer: try again in a moment',
    })
  }
}

function readAnswer(answer: unknown): Result<unknown> {
  if (typeof answer === 'object' && answer !== null) {
    if ('result' in answer) return accept(answer.result)
    if ('error' in answer && isError(answer.error)) return refuse(answer.error)
  }
  return refuse({
    code: resourceUnavailable,
    message: 'The paymaster answered something that is not JSON-RPC',
  })
}

function isError(error: unknown): error is { code: number; message: string; data?: unknown } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'number' &&
    'message' in error &&
    typeof error.message === 'string'
  )
}
