// Facts from geth's own erc7562Tracer (1.16 and later): compiled into the node, many times faster than a
// script. It does not tell when the EntryPoint reads GAS: that is read from what it hands to the execution.
import type { PublicClient } from 'viem'
import { numberToHex } from 'viem'
import { executionStarvedCall } from './executionStarvedCall.ts'
import { type NativeFrame, nativeTrace } from './nativeTrace.ts'
import { readAuthority } from './readAuthority.ts'
import type { Tracer } from './tracer.ts'

export function createNativeTracer({ client }: { client: PublicClient }): Tracer {
  return {
    name: 'native',
    async trace({ userOperation, entryPoint, version, block }) {
      const authority = await readAuthority(client, userOperation, block)
      const { gas, ...call } = executionStarvedCall({ userOperation, entryPoint, version })
      const root = await client.request<{
        Method: 'debug_traceCall'
        Parameters: [call: object, block: { blockHash: string }, config: object]
        ReturnType: NativeFrame
      }>({
        method: 'debug_traceCall',
        params: [
          { ...call, gas: numberToHex(gas) },
          { blockHash: block.hash },
          { tracer: 'erc7562Tracer', tracerConfig: { withLog: false }, ...authority.config },
        ],
      })
      return { ...nativeTrace(root, { block, entryPoint, version, userOperation }), ...authority.facts }
    },
  }
}
