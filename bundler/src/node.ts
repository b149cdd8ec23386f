// The execution node: one batching client for all stages, and whether the node can do what a bundler
// needs, said at the start rather than at the first operation.
import { type Address, createPublicClient, defineChain, http, type PublicClient } from 'viem'

export type Node = { readonly client: PublicClient; readonly chainId: number }

const timeoutMilliseconds = 20_000

export async function connectNode(rpcUrl: string): Promise<Node> {
  const transport = http(rpcUrl, {
    timeout: timeoutMilliseconds,
    retryCount: 2,
    batch: { wait: 0, batchSize: 50 },
  })
  const probe = createPublicClient({ transport })
  let chainId: number
  try {
    chainId = await probe.getChainId()
  } catch (error) {
    throw new Error(
      `the node at ${redacted(rpcUrl)} does not answer: is it running, and is --rpc-url right?`,
      {
        cause: error,
      },
    )
  }
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'native coin', symbol: 'coin', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  // Heads are followed by the chain follower; a client that caches block numbers would lag behind it.
  return { client: createPublicClient({ chain, transport, cacheTime: 0 }) as PublicClient, chainId }
}

/** Throws with what is missing and how to mend it. */
export async function checkNode({ client, chainId }: Node, entryPoint: Address): Promise<void> {
  const code = await client.getCode({ address: entryPoint })
  if (code === undefined) {
    throw new Error(
      `there is no EntryPoint at ${entryPoint} on chain ${chainId}: deploy it (npm run deploy), or give another by --entry-point`,
    )
  }
  try {
    await client.request({
      method: 'debug_traceCall',
      params: [
        { to: entryPoint },
        'latest',
        { tracer: '{step:function(){},fault:function(){},result:function(){return 1}}' },
      ],
    } as never)
  } catch (error) {
    throw new Error(
      'the node does not serve debug_traceCall with JavaScript tracers: use a node of your own with --http.api eth,net,web3,debug',
      { cause: error },
    )
  }
}

/** Addresses of nodes carry API keys in their path or query. */
function redacted(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
