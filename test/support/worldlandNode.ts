// anvil made as narrow as a WorldLand node (a fork of geth 1.10, opened to its owner): what that one lacks
// is refused here in the same words, so that nothing of ours comes to depend on it.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type WorldlandNode = {
  readonly url: string
  /** What was asked for and is not there, such as `eth_getBlockReceipts`. */
  readonly refusals: readonly string[]
  readonly methodsUsed: ReadonlySet<string>
  stop(): Promise<void>
}

type Call = { readonly id?: unknown; readonly method: string; readonly params?: readonly unknown[] }

/** `http.api eth,net,web3,debug`, as a bundler's own node is started. */
const servedMethods =
  /^(eth_(chainId|blockNumber|getBlockBy(Number|Hash)|getBalance|getCode|getStorageAt|getProof|getTransactionCount|getTransactionByHash|getTransactionReceipt|getLogs|call|estimateGas|createAccessList|feeHistory|gasPrice|maxPriorityFeePerGas|sendRawTransaction|syncing)|net_version|web3_clientVersion|debug_traceCall)$/
const maxBodyBytes = 5 * 1024 * 1024
const maxTransactionBytes = 128 * 1024

export async function startWorldlandNode(anvilUrl: string): Promise<WorldlandNode> {
  const refusals: string[] = []
  const methodsUsed = new Set<string>()

  async function answer(call: Call): Promise<unknown> {
    methodsUsed.add(call.method)
    const problem = problemOf(call)
    if (problem !== undefined) {
      refusals.push(`${call.method}: ${problem.message}`)
      return { jsonrpc: '2.0', id: call.id, error: problem }
    }
    const response = await fetch(anvilUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(call),
    })
    return await response.json()
  }

  const server = createServer(async (request, response) => {
    const body = await readBody(request)
    if (body.length > maxBodyBytes) {
      refusals.push(`a body of ${body.length} bytes`)
      response.writeHead(413).end('content length too large')
      return
    }
    const parsed = JSON.parse(body) as Call | Call[]
    const answered = Array.isArray(parsed) ? await Promise.all(parsed.map(answer)) : await answer(parsed)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answered))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals,
    methodsUsed,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function problemOf({ method, params = [] }: Call): { code: number; message: string } | undefined {
  if (!servedMethods.test(method)) {
    return { code: -32601, message: `the method ${method} does not exist/is not available` }
  }
  if (params.some(param => param === 'finalized' || param === 'safe')) {
    return { code: -32000, message: 'invalid argument: hex string without 0x prefix' }
  }
  const [, , tracing] = params
  if (method === 'debug_traceCall' && JSON.stringify(tracing ?? {}).includes('erc7562Tracer')) {
    return { code: -32000, message: 'ReferenceError: erc7562Tracer is not defined' }
  }
  const mostParams: Readonly<Record<string, number>> = { eth_call: 3, eth_estimateGas: 2 }
  if (params.length > (mostParams[method] ?? 3)) {
    return { code: -32602, message: `too many arguments, want at most ${mostParams[method] ?? 3}` }
  }
  const [raw] = params
  if (method === 'eth_sendRawTransaction' && String(raw).length / 2 > maxTransactionBytes) {
    return { code: -32000, message: 'oversized data' }
  }
  return undefined
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
