// The execution node: one batching client for all stages of a daemon.
import { createPublicClient, defineChain, http, type PublicClient } from 'viem'

export type Node = { readonly client: PublicClient; readonly chainId: number }

const timeoutMilliseconds = 20_000

/** Throws, with the remedy, when the node does not answer. */
export async function connectNode(rpcUrl: string): Promise<Node> {
  const transport = http(rpcUrl, {
    timeout: timeoutMilliseconds,
    retryCount: 2,
    batch: { wait: 0, batchSize: 50 },
  })
  const chainId = await readChainId(rpcUrl, createPublicClient({ transport }) as PublicClient)
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'native coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  // Heads are followed by the chain follower; a client that caches block numbers would lag behind it.
  return { client: createPublicClient({ chain, transport, cacheTime: 0 }) as PublicClient, chainId }
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
