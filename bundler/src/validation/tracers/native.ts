// Facts from geth's own erc7562Tracer (1.16 and later): compiled into the node, many times faster than a
// script. It does not tell when the EntryPoint reads GAS: that is reckoned from what it hands to the execution.
import type { PublicClient } from 'viem'
import { BaseError, numberToHex } from 'viem'
import { createDebugTracer } from './debug.ts'
import { executionStarvedCall } from './executionStarvedCall.ts'
import { nativeDelegates } from './nativeDelegates.ts'
import { type NativeFrame, nativeTrace } from './nativeTrace.ts'
import { readAuthority } from './readAuthority.ts'
import { timeOverride } from './timeOverride.ts'
import type { Tracer } from './tracer.ts'

// By itself it passes over PUSH0, which a chain may not have. ERC-7562 [OP-013]
const tracerConfig = { withLog: false, ignoredOpcodes: [] }

export function createNativeTracer({ client }: { client: PublicClient }): Tracer {
  const debug = createDebugTracer({ client })
  return {
    name: 'native',
    async trace(request) {
      const { userOperation, entryPoint, version, block, timestamp } = request
      const at = { blockHash: block.hash }
      const authority = await readAuthority(client, userOperation, block)
      const { gas, ...call } = executionStarvedCall({ userOperation, entryPoint, version })
      try {
        const root = await client.request<{
          Method: 'debug_traceCall'
          Parameters: [call: object, block: { blockHash: string }, config: object]
          ReturnType: NativeFrame
        }>({
          method: 'debug_traceCall',
          params: [
            { ...call, gas: numberToHex(gas) },
            at,
            { tracer: 'erc7562Tracer', tracerConfig, ...timeOverride(timestamp), ...authority.config },
          ],
        })
        if (typeof root?.input !== 'string') throw new Error('debug_traceCall did not run erc7562Tracer')
        const delegates = await nativeDelegates(client, root, at)
        const trace = nativeTrace(root, { block, entryPoint, version, userOperation }, delegates)
        return { ...trace, ...authority.facts }
      } catch (error) {
        if (!isCrash(error)) throw error
        return await debug.trace(request)
      }
    },
  }
}

/**
 * erc7562Tracer (1.16.7) looks for an opcode's operands before the EVM finds that there are none, and dies of it. Were
 * that an outage, whoever likes could send operations that can neither be judged nor dropped.
 */
function isCrash(error: unknown): boolean {
  return error instanceof BaseError && error.details.includes('method handler crashed')
}
