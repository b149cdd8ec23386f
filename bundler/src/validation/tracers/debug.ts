// Facts from the node's own EVM: debug_traceCall with our collector, one call an operation.
// For any node that traces with JavaScript (geth, erigon, reth, anvil).
import type { PublicClient } from 'viem'
import { numberToHex } from 'viem'
import { type CollectedTrace, debugCollector } from './debugCollector.ts'
import { debugTrace } from './debugTrace.ts'
import { readAuthority } from './readAuthority.ts'
import { timeOverride } from './timeOverride.ts'
import type { Tracer } from './tracer.ts'
import { validationOnlyCall } from './validationOnlyCall.ts'

export type DebugTracerOptions = {
  readonly client: PublicClient
  /** How long the node may run the collector; geth's own default is 5 s. */
  readonly timeoutSeconds?: number
}

const defaultTimeoutSeconds = 10

export function createDebugTracer(options: DebugTracerOptions): Tracer {
  const timeout = `${options.timeoutSeconds ?? defaultTimeoutSeconds}s`
  return {
    name: 'debug',
    async trace({ userOperation, entryPoint, version, block, timestamp }) {
      const call = validationOnlyCall({ userOperation, entryPoint, version })
      const { facts, config: delegation } = await readAuthority(options.client, userOperation, block)
      const config = {
        tracer: debugCollector(version.selectors),
        timeout,
        ...timeOverride(timestamp),
        ...delegation,
      }
      const collected = await options.client.request<{
        Method: 'debug_traceCall'
        Parameters: [call: object, block: { blockHash: string }, config: object]
        ReturnType: CollectedTrace
      }>({
        method: 'debug_traceCall',
        // By hash: a load-balanced node that lacks the block errs, rather than answering for another one.
        params: [{ ...call, gas: numberToHex(call.gas) }, { blockHash: block.hash }, config],
      })
      if (!Array.isArray(collected?.phases) || !Array.isArray(collected.gasReadings)) {
        throw new Error('debug_traceCall did not run our tracer: does the node support JavaScript tracers?')
      }
      return { ...debugTrace(collected, block, version), ...facts }
    },
  }
}
