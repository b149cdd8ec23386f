// Sends operations at a fixed concurrency and writes down when each was accepted or why it was not.
import type { RpcCall } from './rpcCaller.ts'

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

export async function sendAll(options: {
  call: RpcCall
  entryPoint: string
  operations: readonly object[]
  concurrency: number
}): Promise<LoadResult> {
  const { call, entryPoint, operations, concurrency } = options
  const acceptMilliseconds: number[] = []
  const sentAt = new Map<string, number>()
  const refusals = new Map<string, number>()
  let next = 0
  async function work(): Promise<void> {
    for (let operation = operations[next++]; operation !== undefined; operation = operations[next++]) {
      const started = performance.now()
      try {
        const hash = await call('eth_sendUserOperation', [operation, entryPoint])
        acceptMilliseconds.push(performance.now() - started)
        sentAt.set(String(hash), started)
      } catch (error) {
        const reason = (error as Error).message.slice(0, 160)
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
      }
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, work))
  const elapsedSeconds = (performance.now() - startedAt) / 1000
  return { acceptMilliseconds, sentAt, refusals, startedAt, elapsedSeconds }
}
