// Can this chain run the EntryPoint that stands, or should stand, at an address?
import { type Address, getAddress, type PublicClient } from 'viem'
import { isAtLeast } from './evmFork.ts'
import { neededFork } from './neededFork.ts'
import type { ChainCapabilities } from './probe.ts'

/** What is wrong and what to do about it; undefined when it can. */
export async function entryPointProblem(request: {
  client: PublicClient
  chainId: number
  address: Address
  capabilities: Pick<ChainCapabilities, 'fork' | 'isForkTold'>
}): Promise<string | undefined> {
  const { client, chainId, address, capabilities } = request
  const code = await client.getCode({ address })
  if (code === undefined) {
    return `there is no EntryPoint at ${getAddress(address)} on chain ${chainId}: deploy it (npm run deploy), or give another by --entry-point`
  }
  const { fork, opcodes } = neededFork(code)
  if (isAtLeast(capabilities.fork, fork)) return undefined
  if (!capabilities.isForkTold) {
    return (
      `the node of chain ${chainId} runs no eth_call that creates a contract, by which its EVM is told: give it by --fork; ` +
      `the EntryPoint at ${getAddress(address)} needs ${fork} (${opcodes.join(', ')})`
    )
  }
  return (
    `chain ${chainId} cannot run the EntryPoint at ${getAddress(address)}: its EVM is ${capabilities.fork}, ` +
    `and the contract needs ${fork} (${opcodes.join(', ')}); give an older one by --entry-point`
  )
}
