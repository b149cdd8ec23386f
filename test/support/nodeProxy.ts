// Stands between a bundler and its node and changes what passes: which methods there are, which nodes answer, when
// and in which order. Batches are answered one by one, as a load balancer would.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type NodeCall = {
  readonly id?: unknown
  readonly method: string
  readonly params?: readonly unknown[]
}
export type NodeAnswer = { readonly result?: unknown; readonly error?: { code: number; message: string } }

/** Answers a call, by `ask` of the node behind or otherwise. */
export type Behaviour = (call: NodeCall, ask: (call: NodeCall) => Promise<NodeAnswer>) => Promise<NodeAnswer>

export type NodeProxy = {
  readonly url: string
  /** How often each method was called. */
  readonly calls: ReadonlyMap<string, number>
  stop(): Promise<void>
}

export async function startNodeProxy(targetUrl: string, behave: Behaviour): Promise<NodeProxy> {
  const calls = new Map<string, number>()

  async function askNode(call: NodeCall): Promise<NodeAnswer> {
    const response = await fetch(targetUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...call }),
    })
    return (await response.json()) as NodeAnswer
  }

  async function answer(call: NodeCall): Promise<object> {
    calls.set(call.method, (calls.get(call.method) ?? 0) + 1)
    const { result, error } = await behave(call, askNode)
    return { jsonrpc: '2.0', id: call.id, ...(error === undefined ? { result } : { error }) }
  }

  const server = createServer(async (request, response) => {
    const parsed = JSON.parse(await readBody(request)) as NodeCall | NodeCall[]
    const answers = Array.isArray(parsed) ? await Promise.all(parsed.map(answer)) : await answer(parsed)
    // JSON-RPC lets a batch be answered in any order.
    if (Array.isArray(answers)) answers.reverse()
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answers))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** What a public node opens to everybody: no debug namespace, and eth_call without state overrides. */
export const publicMethodsOnly: Behaviour = async (call, ask) => {
  const { method, params = [] } = call
  if (!/^(eth|net|web3)_/.test(method)) {
    return { error: { code: -32601, message: `the method ${method} does not exist/is not available` } }
  }
  if (method === 'eth_call' && params.length > 2) {
    return { error: { code: -32602, message: 'too many arguments, want at most 2' } }
  }
  return await ask(call)
}

/** As geth has it: a call or an estimate that names no price is run at a base fee of 0. */
export const baseFeeAtAPriceOnly: Behaviour = async (call, ask) => {
  const [transaction, block = 'latest', state = {}] = (call.params ?? []) as [
    { gasPrice?: unknown; maxFeePerGas?: unknown }?,
    ...unknown[],
  ]
  const isRun = call.method === 'eth_call' || call.method === 'eth_estimateGas'
  if (!isRun || transaction?.gasPrice !== undefined || transaction?.maxFeePerGas !== undefined)
    return await ask(call)
  const run = await ask({
    id: 1,
    method: 'eth_call',
    params: [transaction, block, state, { baseFee: '0x0' }],
  })
  return run.error !== undefined || call.method === 'eth_call' ? run : await ask(call)
}

/**
 * Several nodes behind one address, some of them blocks behind, all of them unreliable: each call meets another one.
 * `lag` tells how many blocks the node of this call is behind, `fails` whether it answers at all.
 */
export function unreliableNodes(random: {
  lag: () => number
  fails: () => boolean
  delay: () => number
}): Behaviour {
  return async (call, ask) => {
    await new Promise(resolve => setTimeout(resolve, random.delay()))
    if (random.fails()) return { error: { code: -32603, message: 'upstream connect error' } }
    const behind = random.lag()
    return behind === 0 ? await ask(call) : await askBehind(call, ask, behind)
  }
}

/** One node that sees every block late, by so many blocks, and knows of nothing that came with those after. */
export function lateNode(behindBlocks: number): Behaviour {
  return async (call, ask) => {
    const answer = await askBehind(call, ask, behindBlocks)
    if (
      !['eth_getTransactionReceipt', 'eth_getTransactionByHash', 'eth_getBlockByNumber'].includes(call.method)
    )
      return answer
    const head =
      BigInt((await ask({ id: 1, method: 'eth_blockNumber' })).result as string) - BigInt(behindBlocks)
    const found = answer.result as { number?: string; blockNumber?: string | null } | null | undefined
    const block = found?.number ?? found?.blockNumber
    return block && BigInt(block) > head ? { result: null } : answer
  }
}

async function askBehind(
  call: NodeCall,
  ask: (call: NodeCall) => Promise<NodeAnswer>,
  behindBlocks: number,
): Promise<NodeAnswer> {
  const latest = BigInt((await ask({ id: 1, method: 'eth_blockNumber' })).result as string)
  const head = latest - BigInt(behindBlocks)
  const params = call.params?.map(parameter =>
    parameter === 'latest' ? `0x${head.toString(16)}` : parameter,
  )
  const hash = params?.map(hashOf).find(found => found !== undefined)
  if (hash !== undefined) {
    const block = (await ask({ id: 1, method: 'eth_getBlockByHash', params: [hash, false] })).result
    const isAhead = block === null || BigInt((block as { number: string }).number) > head
    if (isAhead) return { error: { code: -32000, message: 'header not found' } }
  }
  if (call.method === 'eth_blockNumber') return { result: `0x${head.toString(16)}` }
  return await ask({ ...call, ...(params && { params }) })
}

function hashOf(parameter: unknown): string | undefined {
  if (typeof parameter !== 'object' || parameter === null || !('blockHash' in parameter)) return undefined
  return String(parameter.blockHash)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
