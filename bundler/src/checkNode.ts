// Can the node do what a bundler needs? Said at the start rather than at the first operation, and by `probe` before.
import type { Node } from '@worldland-aa/service/chain/connectNode'
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { getAddress } from 'viem'
import { chooseStateReader, type StateReaderName } from './chainState/chooseStateReader.ts'
import { entryPointProblem } from './chains/entryPointProblem.ts'
import { type ChainCapabilities, probeChain } from './chains/probe.ts'
import type { BundlerConfig } from './config.ts'
import { entryPointVersionOf } from './entryPoint/entryPointVersions.ts'

/** Where facts come from: an EVM in this process, or the node's by one of its tracers. */
export type TracerName = 'local' | 'debug' | 'native'

export type CheckedNode = {
  readonly capabilities: ChainCapabilities
  readonly tracer: TracerName
  /** How its state is read; undefined where the node traces. */
  readonly stateReader: StateReaderName | undefined
}

export type ExaminedNode = CheckedNode & {
  /** What keeps a bundler from serving here, each with what to do about it. */
  readonly obstacles: readonly string[]
}

type Wanted = Pick<BundlerConfig, 'entryPoint' | 'entryPointVersion' | 'tracer' | 'fork'>

/** Throws with what is missing and how to mend it. */
export async function checkNode(node: Node, wanted: Wanted): Promise<CheckedNode> {
  const { obstacles, ...checked } = await examineNode(node, wanted)
  if (obstacles.length > 0) throw new ExitError(exitCodes.configuration, obstacles.join('; and '))
  return checked
}

/** Every question is asked, whatever came of the others. */
export async function examineNode(
  { client, unbatched, chainId }: Node,
  wanted: Wanted,
): Promise<ExaminedNode> {
  const probed = await probeChain(unbatched)
  const capabilities = wanted.fork === 'auto' ? probed : { ...probed, fork: wanted.fork, isForkTold: true }
  const tracer = wanted.tracer === 'auto' ? 'local' : wanted.tracer
  let stateReader: StateReaderName | undefined
  const found = await Promise.all(
    [
      async () =>
        entryPointProblem({ client, chainId, address: getAddress(wanted.entryPoint), capabilities }),
      async () => void entryPointVersionOf(getAddress(wanted.entryPoint), wanted.entryPointVersion),
      async () => tracerProblem(tracer, capabilities),
      async () => {
        if (tracer === 'local') stateReader = (await chooseStateReader(client)).name
        return undefined
      },
    ].map(async question => {
      try {
        return await question()
      } catch (error) {
        return reasonOf(error)
      }
    }),
  )
  return { capabilities, tracer, stateReader, obstacles: found.filter(obstacle => obstacle !== undefined) }
}

function tracerProblem(
  tracer: TracerName,
  { scriptTracers, erc7562Tracer }: Pick<ChainCapabilities, 'scriptTracers' | 'erc7562Tracer'>,
): string | undefined {
  if (tracer === 'native' && !erc7562Tracer) {
    return 'the node has no erc7562Tracer, or one that does not do as geth’s does (1.16 and later): use --tracer auto or debug'
  }
  if (tracer === 'debug' && !scriptTracers) {
    return 'the node does not serve debug_traceCall with JavaScript tracers: use --tracer local, which needs none, or a node of your own with --http.api eth,net,web3,debug'
  }
  return undefined
}
