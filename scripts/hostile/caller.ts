// Somebody at an address of their own. The house's daemons believe the loopback's word about who calls, so that one
// machine can be a thousand callers.
import { type HttpTransport, http } from 'viem'

export type Caller = {
  readonly address: string
  /** For viem's clients; asks once. */
  readonly transport: HttpTransport
  /** Throws `Refused` when the server answers with an error. */
  call<Result>(method: string, ...params: readonly unknown[]): Promise<Result>
  post(body: string): Promise<Response>
}

type RpcError = {
  readonly code: number
  readonly message: string
  readonly data?: { readonly reason?: string; readonly rule?: string }
}

export class Refused extends Error {
  /** Without what differs from one time to the next. */
  readonly kind: string

  constructor({ code, message, data }: RpcError) {
    super(`${code} ${message}`)
    this.kind = [code, data?.reason ?? data?.rule].filter(Boolean).join(' ')
  }
}

const timeoutMilliseconds = 60_000

export function createCaller(url: string, address: string): Caller {
  const headers = { 'content-type': 'application/json', 'x-forwarded-for': address }
  const post = (body: string): Promise<Response> =>
    fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeoutMilliseconds) })
  return {
    address,
    transport: http(url, { fetchOptions: { headers }, retryCount: 0, timeout: timeoutMilliseconds }),
    post,
    async call<Result>(method: string, ...params: readonly unknown[]): Promise<Result> {
      const response = await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
      const { result, error } = (await response.json()) as { result: Result; error?: RpcError }
      if (error !== undefined) throw new Refused(error)
      return result
    },
  }
}
