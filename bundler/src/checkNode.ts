// Can the node do what a bundler needs? Said at the start rather than at the first operation.
import type { Node } from '@worldland-aa/service/chain/connectNode'
import type { Address } from 'viem'
import { entryPointProblem } from './chains/entryPointProblem.ts'
import { type ChainCapabilities, probeChain } from './chains/probe.ts'
import type { BundlerConfig } from './config.ts'

/** Where facts come from: an EVM in this process, or the node's by one of its tracers. */
export type TracerName = 'local' | 'debug' | 'native'

export type CheckedNode = { readonly capabilities: ChainCapabilities; readonly tracer: TracerName }

/** Throws with what is missing and how to mend it. */
export async function checkNode(
  { client, unbatched, chainId }: Node,
  { entryPoint, tracer }: { entryPoint: Address; tracer: BundlerConfig['tracer'] },
): Promise<CheckedNode> {
  const capabilities = await probeChain(unbatched)
  const problem = await entryPointProblem({ client, chainId, address: entryPoint, capabilities })
  if (problem !== undefined) throw new Error(problem)
  return { capabilities, tracer: chooseTracer(tracer, capabilities) }
}

function chooseTracer(
  wanted: BundlerConfig['tracer'],
  { scriptTracers, erc7562Tracer }: ChainCapabilities,
): TracerName {
  if (wanted === 'native' && !erc7562Tracer) {
    throw new Error('the node has no erc7562Tracer (geth 1.16 and later): use --tracer auto or debug')
  }
  const chosen = wanted === 'auto' ? 'local' : wanted
  if (chosen === 'debug' && !scriptTracers) {
    throw new Error(
      'the node does not serve debug_traceCall with JavaScript tracers: use --tracer local, which needs none, or a node of your own with --http.api eth,net,web3,debug',
    )
  }
  return chosen
}
