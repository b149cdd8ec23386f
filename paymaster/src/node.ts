// The execution node: one batching client for all stages. Nothing beyond eth_* is asked of it.
import { createPublicClient, defineChain, http, type PublicClient } from 'viem'

const timeoutMilliseconds = 20_000

/** Throws, with the remedy, when the node does not answer. */
export async function connectNode(rpcUrl: string): Promise<PublicClient> {
  const transport = http(rpcUrl, {
    timeout: timeoutMilliseconds,
    retryCount: 2,
    batch: { wait: 0, batchSize: 50 },
  })
  const id = await readChainId(rpcUrl, createPublicClient({ transport }) as PublicClient)
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'native coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  // Heads are followed by the chain follower; a client that caches block numbers would lag behind it.
  return createPublicClient({ chain, transport, cacheTime: 0 }) as PublicClient
}

async function readChainId(rpcUrl: string, client: PublicClient): Promise<number> {
  try {
    return await client.getChainId()
  } catch (error) {
    throw new Error(
      `the node at ${new URL(rpcUrl).origin} does not answer: is it running, and is --rpc-url right?`,
      { cause: error },
    )
  }
}
