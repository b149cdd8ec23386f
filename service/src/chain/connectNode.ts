// The execution node: one batching client for all stages of a daemon.
import { createPublicClient, defineChain, type PublicClient, type Transport } from 'viem'
import { ExitError, exitCodes } from '../cli/exitCodes.ts'
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
  const chainId = await readChainId(rpcUrl)
  return {
    client: createNodeClient(rpcUrl, chainId),
    unbatched: createNodeClient(rpcUrl, chainId, { batchSize: 1 }),
    chainId,
  }
}

/** For a thread that asks by itself. */
export function createNodeClient(rpcUrl: string, chainId: number, { batchSize = 50 } = {}): PublicClient {
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'native coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const transport = transportTo(rpcUrl, batchSize)
  // Heads are followed by the chain follower; a client that caches block numbers would lag behind it.
  return createPublicClient({ chain, transport, cacheTime: 0 }) as PublicClient
}

function transportTo(rpcUrl: string, batchSize: number): Transport {
  return nodeTransport(rpcUrl, { timeoutMilliseconds, retryCount: 2, batchSize })
}

async function readChainId(rpcUrl: string): Promise<number> {
  try {
    return await createPublicClient({ transport: transportTo(rpcUrl, 1) }).getChainId()
  } catch (error) {
    // The origin only: addresses of nodes carry API keys in their path or query.
    throw new ExitError(
      exitCodes.unavailable,
      `the node at ${new URL(rpcUrl).origin} does not answer: is it running, and is --rpc-url right?`,
      { cause: error },
    )
  }
}
