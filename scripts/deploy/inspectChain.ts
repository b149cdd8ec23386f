// What a chain must offer before anything is sent to it: an EVM of London or later, room for the largest
// contract, and a funded key. Every lack is found in one go and said in a sentence.
import { BaseError, formatEther, type Hex } from 'viem'
import type { DeploymentClient } from './deploymentClient.ts'

export type ChainReport = {
  readonly chainId: number
  readonly blockGasLimit: bigint
  readonly baseFeePerGasWei: bigint
  readonly balanceWei: bigint
  /** What the chain lacks; empty when the deployment can go ahead. */
  readonly problems: readonly string[]
}

/** The EntryPoint's deployment alone uses 3.65M. */
const neededBlockGas = 6_000_000n
/** All contracts together, at the fee of the day. */
const neededGas = 40_000_000n

// Creation code that runs one opcode and returns nothing: what eth_call makes of it tells whether the EVM knows it.
const opcodeProbes: Readonly<Record<string, Hex>> = {
  'CREATE2 (Constantinople)': '0x6000600060006000f55060006000f3',
  'EXTCODEHASH (Constantinople)': '0x303f5060006000f3',
  'CHAINID (Istanbul)': '0x465060006000f3',
  'SELFBALANCE (Istanbul)': '0x475060006000f3',
  'BASEFEE (London)': '0x485060006000f3',
}

export async function inspectChain(
  client: DeploymentClient,
  options: { readonly willDeploy: boolean },
): Promise<ChainReport> {
  const [block, balanceWei] = await Promise.all([
    client.getBlock({ blockTag: 'latest' }),
    client.getBalance({ address: client.account.address }),
  ])
  const problems: string[] = []
  if (block.baseFeePerGas === null) {
    problems.push('its blocks carry no base fee: EIP-1559 (London) is not active')
  }
  for (const [opcode, creationCode] of Object.entries(opcodeProbes)) {
    const reason = await callProblem(client, creationCode)
    if (reason !== undefined) problems.push(`its EVM does not run ${opcode}: ${reason}`)
  }
  if (block.gasLimit < neededBlockGas) {
    problems.push(`its blocks hold ${block.gasLimit} gas; the EntryPoint needs ${neededBlockGas}`)
  }
  if (options.willDeploy && block.baseFeePerGas !== null) {
    const { maxFeePerGas } = await client.estimateFeesPerGas()
    const costWei = neededGas * maxFeePerGas
    if (balanceWei < costWei) {
      problems.push(
        `${client.account.address} holds ${formatEther(balanceWei)} coins; about ${formatEther(costWei)} are needed: fund it`,
      )
    }
  }
  return {
    chainId: client.chain.id,
    blockGasLimit: block.gasLimit,
    baseFeePerGasWei: block.baseFeePerGas ?? 0n,
    balanceWei,
    problems,
  }
}

async function callProblem(client: DeploymentClient, creationCode: Hex): Promise<string | undefined> {
  try {
    await client.call({ data: creationCode })
    return undefined
  } catch (error) {
    if (error instanceof BaseError) return error.details || error.shortMessage
    throw error
  }
}
