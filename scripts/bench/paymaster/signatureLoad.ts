// Clients that ask a paymaster for signatures. Either each asks again as soon as it is answered, which says how much is
// signed; or all ask so many a second whatever becomes of the answers, which says how long one takes. (Of clients that never
// wait there is always one request under way each: 32 of them wait 32 ms on average where 1,000 are signed in a second, however
// soon each could be.) With a pace an answer counts from the moment for which its request was planned.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RpcCall } from '../rpcCaller.ts'

export type SignatureLoad = {
  readonly concurrency: number
  /** Of all clients together, at random moments; undefined: one after the other. */
  readonly pacePerSecond?: number | undefined
}

export type SignatureFigures = {
  /** Of the requests that were signed for. */
  readonly milliseconds: readonly number[]
  /** Refusals by message, shortened. */
  readonly refusals: ReadonlyMap<string, number>
  readonly seconds: number
  /** Of the clients. */
  readonly cpuMilliseconds: number
}

export async function askForSignatures(
  call: RpcCall,
  requests: readonly (readonly unknown[])[],
  { concurrency, pacePerSecond }: SignatureLoad,
): Promise<SignatureFigures> {
  const meanGapMilliseconds = pacePerSecond === undefined ? 0 : (concurrency / pacePerSecond) * 1_000
  const milliseconds: number[] = []
  const refusals = new Map<string, number>()
  let next = 0

  async function work(): Promise<void> {
    let planned = performance.now()
    for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
      if (pacePerSecond === undefined) planned = performance.now()
      else planned += meanGapMilliseconds * -Math.log(1 - Math.random())
      const early = planned - performance.now()
      if (early > 0) await sleep(early)
      try {
        await call('pm_getPaymasterData', request)
        milliseconds.push(performance.now() - planned)
      } catch (error) {
        const reason = (error as Error).message.slice(0, 160)
        refusals.set(reason, (refusals.get(reason) ?? 0) + 1)
      }
    }
  }

  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, work))
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    ...{ milliseconds, refusals },
    seconds: (performance.now() - startedAt) / 1_000,
    cpuMilliseconds: (user + system) / 1_000,
  }
}
