// A bare JSON-RPC client: no retries, no batching, no cache, and no fetch, which takes as much of a processor as some
// servers do, so that what is measured is the server.
import { createPoster } from '@worldland-aa/service/chain/poster'

export type RpcCall = (method: string, params: readonly unknown[]) => Promise<unknown>

/** As long as any bundler may take. */
const timeoutMilliseconds = 300_000

/** Throws `<code> <message>` when the server answers with an error. */
export function rpcCaller(url: string): RpcCall {
  const post = createPoster(url, timeoutMilliseconds)
  let id = 0
  return async (method, params) => {
    const { text } = await post(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }))
    const answer = JSON.parse(text) as { result?: unknown; error?: { code: number; message: string } }
    if (answer.error !== undefined) throw new Error(`${answer.error.code} ${answer.error.message}`)
    return answer.result
  }
}
