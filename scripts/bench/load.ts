// Sends operations at a fixed concurrency and writes down when each was accepted or why it was not.

export type LoadResult = {
  /** One per accepted operation. */
  readonly acceptMilliseconds: readonly number[]
  /** When each accepted operation was sent, by its hash. */
  readonly sentAt: ReadonlyMap<string, number>
  /** Refusals by message, shortened. */
  readonly refusals: ReadonlyMap<string, number>
  readonly startedAt: number
  readonly elapsedSeconds: number
}

export type RpcCall = (method: string, params: readonly unknown[]) => Promise<unknown>

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

export async function sendAll(options: {
  call: RpcCall
  entryPoint: string
  operations: readonly object[]
  concurrency: number
}): Promise<LoadResult> {
  const { call, entryPoint, operations, concurrency } = options
  const acceptMilliseconds: number[] = []
  const acceptedAt = new Map<string, number>()
  const refusals = new Map<string, number>()
  let next = 0
  async function work(): Promise<void> {
    for (let operation = operations[next++]; operation !== undefined; operation = operations[next++]) {
      const sentAt = performance.now()
      try {
        const hash = await call('eth_sendUserOperation', [operation, entryPoint])
        acceptMilliseconds.push(performance.now() - sentAt)
        acceptedAt.set(String(hash), sentAt)
      } catch (error) {
        const reason = (error as Error).message.slice(0, 120)
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
      }
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, work))
  return { acceptMilliseconds, sentAt: acceptedAt, refusals, startedAt, elapsedSeconds: (performance.now() - startedAt) / 1000 }
}
