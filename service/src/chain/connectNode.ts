// The execution node: one batching client for all stages of a daemon.
import { createPublicClient, defineChain, type PublicClient, type Transport } from 'viem'
import { nodeTransport } from './nodeTransport.ts'

export type Node = {
  readonly client: PublicClient
  /** For calls that take long: a batch answers only when its slowest call has. */
  readonly unbatched: PublicClient
  readonly chainId: number
}

const timeoutMilliseconds = 20_000

/** Throws, with the remedy, when the node does not answer. */
export async function connectNode(rpcUrl: string): Promise<Node> {
  const transportOf = (batchSize: number): Transport =>
    nodeTransport(rpcUrl, { timeoutMilliseconds, retryCount: 2, batchSize })
  const unbatched = transportOf(1)
  const batched = transportOf(50)
  const chainId = await readChainId(rpcUrl, createPublicClient({ transport: unbatched }) as PublicClient)
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'native coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  // Heads are followed by the chain follower; a client that caches block numbers would lag behind it.
  const clientOver = (transport: Transport): PublicClient =>
    createPublicClient({ chain, transport, cacheTime: 0 }) as PublicClient
  return { client: clientOver(batched), unbatched: clientOver(unbatched), chainId }
}

async function readChainId(rpcUrl: string, client: PublicClient): Promise<number> {
  try {
    return await client.getChainId()
  } catch (error) {
    // The origin only: addresses of nodes carry API keys in their path or query.
    throw new Error(
      `the node at ${new URL(rpcUrl).origin} does not answer: is it running, and is --rpc-url right?`,
      { cause: error },
    )
  }
}
