// What a chain and its node can do, which EntryPoints run there, and whether a bundler would start: the answer of
// `worldland-bundler probe`.
import type { Node } from '@worldland-aa/service/chain/connectNode'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { examineNode } from '../checkNode.ts'
import type { BundlerConfig } from '../config.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { chainProfileOf } from './chainProfile.ts'
import { describeChain, type ServedHere } from './describeChain.ts'
import { entryPointProblem } from './entryPointProblem.ts'
import type { ChainCapabilities } from './probe.ts'

export type ProbeReport = {
  readonly text: string
  /** What would keep `start` from serving, by the same questions. */
  readonly obstacles: readonly string[]
}

export async function probeReport(
  settings: Pick<BundlerConfig, 'rpcUrl' | 'entryPoint' | 'entryPointVersion' | 'tracer' | 'fork'>,
): Promise<ProbeReport> {
  const node = await connectNode(settings.rpcUrl)
  const { capabilities, obstacles } = await examineNode(node, settings)
  const entryPoints = await surveyEntryPoints(node, capabilities)
  const { chainId } = node
  const profile = chainProfileOf(chainId)
  return { text: describeChain({ chainId, profile, capabilities, entryPoints }), obstacles }
}

async function surveyEntryPoints(
  { client, chainId }: Node,
  capabilities: ChainCapabilities,
): Promise<readonly ServedHere[]> {
  return await Promise.all(
    Object.values(entryPointVersions).map(async ({ number, canonicalAddress: address }) => {
      const verdict = await entryPointProblem({ client, chainId, address, capabilities }).then(
        problem => problem ?? 'can be served',
        error => `could not be looked at: ${reasonOf(error)}`,
      )
      return { number, address, verdict }
    }),
  )
}
