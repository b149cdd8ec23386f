// What a chain and its node can do, and which EntryPoints run there: the answer of `worldland-bundler probe`.
import type { Node } from '@worldland-aa/service/chain/connectNode'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { chainProfileOf } from './chainProfile.ts'
import { describeChain, type ServedHere } from './describeChain.ts'
import { entryPointProblem } from './entryPointProblem.ts'
import { type ChainCapabilities, probeChain } from './probe.ts'

export async function probeReport(rpcUrl: string): Promise<string> {
  const node = await connectNode(rpcUrl)
  const capabilities = await probeChain(node.unbatched)
  const entryPoints = await surveyEntryPoints(node, capabilities)
  const { chainId } = node
  return describeChain({ chainId, profile: chainProfileOf(chainId), capabilities, entryPoints })
}

async function surveyEntryPoints(
  { client, chainId }: Node,
  capabilities: ChainCapabilities,
): Promise<readonly ServedHere[]> {
  return await Promise.all(
    Object.values(entryPointVersions).map(async ({ number, canonicalAddress: address }) => {
      const problem = await entryPointProblem({ client, chainId, address, capabilities })
      return { number, address, verdict: problem ?? 'can be served' }
    }),
  )
}
