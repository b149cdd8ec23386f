// What can this chain and its node do? Asked at the start by calls that change nothing, so that nobody has to
// know it and nothing is found out by the first operation.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Address, Hex, PublicClient } from 'viem'
import { behavesAsErc7562Tracer } from './erc7562Behaviour.ts'
import type { EvmFork } from './evmFork.ts'
import { probeFork } from './probeFork.ts'

export type ChainCapabilities = {
  /** The least where `isForkTold` is false. */
  readonly fork: EvmFork
  /** Whether the node runs the code by which it is told. */
  readonly isForkTold: boolean
  /** EIP-1559 */
  readonly hasFeeMarket: boolean
  readonly stateOverrides: boolean
  /** Blocks by their hash in place of a number. EIP-1898 */
  readonly blockHashParameters: boolean
  readonly safeTag: boolean
  readonly finalizedTag: boolean
  readonly accessLists: boolean
  readonly proofs: boolean
  readonly blockReceipts: boolean
  /** debug_traceCall with tracers in JavaScript. */
  readonly scriptTracers: boolean
  /** debug_traceCall with an erc7562Tracer that does as geth's does. */
  readonly erc7562Tracer: boolean
  /** Gas that an eth_call is granted; undefined when the node does not say. */
  readonly callGasCap: bigint | undefined
  /** Blocks that eth_getLogs takes at once; at most as many as were tried. */
  readonly logRangeBlocks: number
  /** The contract that deploys to the same address on every chain. */
  readonly deterministicDeployer: boolean
}

const deployer: Address = '0x4e59b44847b379578588920ca78fbf26c0b4956c'
const nobody: Address = '0x4337000000000000000000000000000000004337'
/** Returns the word 1. */
const oneCode: Hex = '0x600160005260206000f3'
/** Returns the gas that is left. */
const gasCode: Hex = '0x5a60005260206000f3'
const logRanges = [10_000, 2_000, 500, 100, 10, 1]

export async function probeChain(client: PublicClient): Promise<ChainCapabilities> {
  const ask = (method: string, params: readonly unknown[]): Promise<unknown> =>
    client.request({ method, params } as never)
  const can = async (method: string, params: readonly unknown[]): Promise<boolean> => {
    try {
      const answer = await ask(method, params)
      return answer !== null && answer !== undefined
    } catch {
      return false
    }
  }
  const head = await client.getBlock()
  const at = { blockHash: head.hash }
  const trace = (tracer: string) => can('debug_traceCall', [{ to: nobody }, 'latest', { tracer }])
  const [fork, stateOverrides, blockHashParameters, safeTag, finalizedTag, accessLists, proofs] =
    await Promise.all([
      probeFork(client, head),
      canOverride(ask),
      can('eth_getBalance', [nobody, at]),
      can('eth_getBlockByNumber', ['safe', false]),
      can('eth_getBlockByNumber', ['finalized', false]),
      hasAccessLists(ask),
      can('eth_getProof', [nobody, [], 'latest']),
    ])
  const [blockReceipts, scriptTracers, erc7562Tracer, callGasCap, logRangeBlocks, hasDeployer] =
    await Promise.all([
      can('eth_getBlockReceipts', ['latest']),
      trace('{step:function(){},fault:function(){},result:function(){return 1}}'),
      behavesAsErc7562Tracer(ask),
      readGasCap(ask),
      readLogRange(can, head.number),
      hasCode(ask, deployer),
    ])
  return {
    fork: fork ?? 'london',
    isForkTold: fork !== undefined,
    hasFeeMarket: head.baseFeePerGas !== null && head.baseFeePerGas !== undefined,
    stateOverrides,
    blockHashParameters,
    safeTag,
    finalizedTag,
    accessLists,
    proofs,
    blockReceipts,
    scriptTracers,
    erc7562Tracer,
    callGasCap,
    logRangeBlocks,
    deterministicDeployer: hasDeployer,
  }
}

type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>

async function canOverride(ask: Ask): Promise<boolean> {
  try {
    const answer = await ask('eth_call', [{ to: nobody }, 'latest', { [nobody]: { code: oneCode } }])
    return typeof answer === 'string' && answer !== '0x' && BigInt(answer) === 1n
  } catch {
    return false
  }
}

/** geth looks for the coin that the transaction would cost, and nobody has it. */
async function hasAccessLists(ask: Ask): Promise<boolean> {
  try {
    return Boolean(await ask('eth_createAccessList', [{ from: nobody, to: nobody }, 'latest']))
  } catch (error) {
    return reasonOf(error).includes('insufficient funds')
  }
}

async function hasCode(ask: Ask, address: Address): Promise<boolean> {
  try {
    return (await ask('eth_getCode', [address, 'latest'])) !== '0x'
  } catch {
    return false
  }
}

async function readGasCap(ask: Ask): Promise<bigint | undefined> {
  try {
    const answer = await ask('eth_call', [{ data: gasCode, gas: '0xffffffffff' }, 'latest'])
    return BigInt(answer as Hex)
  } catch {
    return undefined
  }
}

/** Of addresses where nothing happens: only whether the node agrees to look is of interest. */
async function readLogRange(
  can: (method: string, params: readonly unknown[]) => Promise<boolean>,
  head: bigint,
): Promise<number> {
  for (const blocks of logRanges) {
    const from = head - BigInt(blocks) + 1n
    const fromBlock = `0x${(from < 0n ? 0n : from).toString(16)}`
    const filter = { address: nobody, fromBlock, toBlock: `0x${head.toString(16)}` }
    if (await can('eth_getLogs', [filter])) return blocks
  }
  return 0
}
