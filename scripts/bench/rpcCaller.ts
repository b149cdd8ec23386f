// A bare JSON-RPC client: no retries, no batching, no cache, so that what is measured is the server.

export type RpcCall = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Throws `<code> <message>` when the server answers with an error. */
export function rpcCaller(url: string): RpcCall {
  let id = 0
  return async (method, params) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }),
    })
    const answer = (await response.json()) as { result?: unknown; error?: { code: number; message: string } }
    if (answer.error !== undefined) throw new Error(`${answer.error.code} ${answer.error.message}`)
    return answer.result
  }
}
