// What the probe found, in lines that an operator reads at the start and by `worldland-bundler probe`.
import type { Address } from 'viem'
import type { ChainProfile } from './chainProfile.ts'
import type { ChainCapabilities } from './probe.ts'

export type ServedHere = { readonly number: string; readonly address: Address; readonly verdict: string }

export function describeChain(request: {
  chainId: number
  profile: ChainProfile
  capabilities: ChainCapabilities
  entryPoints: readonly ServedHere[]
}): string {
  const { chainId, profile, capabilities, entryPoints } = request
  const rows: (readonly [string, string])[] = [
    ['chain', `${chainId} (${profile.name})`],
    ['EVM', capabilities.isForkTold ? capabilities.fork : `${capabilities.fork} (not told; --fork sets it)`],
    ['fee market (EIP-1559)', yes(capabilities.hasFeeMarket)],
    ['state overrides in eth_call', yes(capabilities.stateOverrides)],
    ['block hashes as parameters (EIP-1898)', yes(capabilities.blockHashParameters)],
    ['safe, finalized block tags', `${yes(capabilities.safeTag)}, ${yes(capabilities.finalizedTag)}`],
    ['eth_createAccessList', yes(capabilities.accessLists)],
    ['eth_getProof', yes(capabilities.proofs)],
    ['eth_getBlockReceipts', yes(capabilities.blockReceipts)],
    ['debug_traceCall in JavaScript', yes(capabilities.scriptTracers)],
    ['erc7562Tracer', yes(capabilities.erc7562Tracer)],
    ['gas of an eth_call', capabilities.callGasCap?.toString() ?? 'not told'],
    ['blocks in one eth_getLogs', `${capabilities.logRangeBlocks}`],
    ['deterministic deployer', yes(capabilities.deterministicDeployer)],
    ['finality', `${profile.finalityBlocks} blocks`],
    ...entryPoints.map(
      ({ number, address, verdict }) => [`EntryPoint v${number}`, `${verdict} (${address})`] as const,
    ),
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

function yes(can: boolean): string {
  return can ? 'yes' : 'no'
}
