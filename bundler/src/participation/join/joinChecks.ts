// Is there anything that would keep a bundler from serving in this network? Asked before a coin is spent.
import { bundleGuardAbi } from '@worldland-aa/sdk/abi/bundleGuard'
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import type { Node } from '@worldland-aa/service/chain/connectNode'
import { type CheckLine, obstacle } from '@worldland-aa/service/cli/checkReport'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Address, formatEther, type PublicClient } from 'viem'
import { examineNode } from '../../checkNode.ts'
import { clockProblem } from './clockProblem.ts'
import { listenProblem } from './listenProblem.ts'
import type { Network } from './networkFile.ts'

export type JoinChecks = {
  readonly lines: readonly CheckLine[]
  /** What the registry takes at least; absent where it does not answer. */
  readonly minimumStakeWei: bigint | undefined
}

export async function checkJoining(options: {
  readonly node: Node
  readonly network: Network
  readonly listen: readonly string[]
  readonly nowSeconds: number
}): Promise<JoinChecks> {
  const { node, network, listen, nowSeconds } = options
  const { chainId, client } = node
  if (chainId !== network.chainId) {
    const says = `the node serves chain ${chainId}, and the network is of chain ${network.chainId}: give another by --rpc-url`
    return { lines: [obstacle('chain', says)], minimumStakeWei: undefined }
  }
  const terms = await termsOf(client, network)
  return {
    minimumStakeWei: terms.minimumStakeWei,
    lines: [
      { subject: 'chain', says: String(chainId) },
      ...(await nodeLines(node, network)),
      terms.line,
      await codeLine(client, 'account factory', network.accountFactory),
      await guardLine(client, network),
      await clockLine(client, nowSeconds),
      ...(await Promise.all(listen.map(portLine))),
    ],
  }
}

async function nodeLines(node: Node, { entryPoint }: Network): Promise<readonly CheckLine[]> {
  const { obstacles, tracer } = await examineNode(node, {
    entryPoint,
    entryPointVersion: 'auto',
    tracer: 'auto',
    fork: 'auto',
  })
  if (obstacles.length > 0) return obstacles.map(problem => obstacle('node', problem))
  return [{ subject: 'node', says: `serves what is needed, traced by ${tracer}` }]
}

async function termsOf(
  client: PublicClient,
  { bundlerRegistry, entryPoint }: Network,
): Promise<{ line: CheckLine; minimumStakeWei: bigint | undefined }> {
  const subject = 'registry'
  const contract = { address: bundlerRegistry, abi: bundlerRegistryAbi } as const
  try {
    const [{ minimumStakeWei, exitDelayBlocks }, count, court] = await Promise.all([
      client.readContract({ ...contract, functionName: 'terms' }),
      client.readContract({ ...contract, functionName: 'bundlerCount' }),
      client.readContract({ ...contract, functionName: 'court' }),
    ])
    const says = `${bundlerRegistry}: ${count} bundlers so far; takes ${formatEther(minimumStakeWei)} or more, and gives it back ${exitDelayBlocks} blocks after it is asked for; its court is ${court}`
    return { line: { subject, says }, minimumStakeWei }
  } catch (error) {
    const says = `${bundlerRegistry} does not answer as a registry of bundlers for ${entryPoint} (${reasonOf(error)}): is the network file of this chain?`
    return { line: obstacle(subject, says), minimumStakeWei: undefined }
  }
}

async function guardLine(client: PublicClient, { bundleGuard, entryPoint }: Network): Promise<CheckLine> {
  const subject = 'guard'
  try {
    const its = await client.readContract({
      address: bundleGuard,
      abi: bundleGuardAbi,
      functionName: 'entryPoint',
    })
    return its.toLowerCase() === entryPoint.toLowerCase()
      ? { subject, says: bundleGuard }
      : obstacle(subject, `${bundleGuard} guards ${its}, not ${entryPoint}: is the network file right?`)
  } catch (error) {
    return obstacle(subject, `${bundleGuard} does not answer as a bundle guard (${reasonOf(error)})`)
  }
}

async function codeLine(client: PublicClient, subject: string, address: Address): Promise<CheckLine> {
  const code = await client.getCode({ address })
  if (code !== undefined && code !== '0x') return { subject, says: address }
  return obstacle(subject, `there is no code at ${address}: is the network file of this chain?`)
}

async function clockLine(client: PublicClient, nowSeconds: number): Promise<CheckLine> {
  const { timestamp, number } = await client.getBlock()
  const problem = clockProblem(nowSeconds, timestamp)
  const says = `block ${number} is ${Math.max(0, nowSeconds - Number(timestamp))} s old`
  return problem === undefined ? { subject: 'clock', says } : obstacle('clock', problem)
}

async function portLine(address: string): Promise<CheckLine> {
  const problem = await listenProblem(address)
  const says = `${address} is free; open it in the firewall, so that others reach it`
  return problem === undefined ? { subject: 'port', says } : obstacle('port', problem)
}
