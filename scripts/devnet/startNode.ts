// Starts the devnet's chain: anvil at the London level with WorldLand's chain id. Blocks come at once until
// block production is set.
import { createTestClient, defineChain, http, type TestClient } from 'viem'
import { anvilBinary } from './anvilBinary.ts'
import { type Child, startChild } from './childProcess.ts'
import { devnetAccountCount, devnetMnemonic } from './devnetKeys.ts'
import { untilHealthy } from './untilHealthy.ts'
import type { Watchdog } from './watchdog.ts'

export const devnetChainId = 103

export type DevnetNode = { readonly child: Child; readonly testClient: TestClient<'anvil'> }

export async function startNode(options: {
  readonly port: number
  readonly stateFile: string
  readonly logFile: string
  readonly watchdog: Watchdog
  readonly signal: AbortSignal
  readonly onStarted: (child: Child) => void
}): Promise<DevnetNode> {
  const { port, stateFile, logFile, watchdog, signal, onStarted } = options
  const rpcUrl = `http://127.0.0.1:${port}`
  const child = await startChild({
    name: 'node',
    command: anvilBinary(),
    args: [
      ...['--hardfork', 'london', '--chain-id', String(devnetChainId), '--port', String(port)],
      ...['--mnemonic', devnetMnemonic, '--accounts', String(devnetAccountCount), '--balance', '100000'],
      ...['--state', stateFile, '--quiet'],
    ],
    logFile,
    watchdog,
  })
  onStarted(child)
  const testClient = createTestClient({
    mode: 'anvil',
    chain: defineChain({
      id: devnetChainId,
      name: 'devnet',
      nativeCurrency: { name: 'WorldLand Coin', symbol: 'WLC', decimals: 18 },
      rpcUrls: { default: { http: [rpcUrl] } },
    }),
    transport: http(rpcUrl, { retryCount: 0 }),
  })
  await untilHealthy(child, {
    isHealthy: async () => (await answersChainId(rpcUrl)) === devnetChainId,
    signal,
  })
  return { child, testClient }
}

async function answersChainId(rpcUrl: string): Promise<number> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }),
    signal: AbortSignal.timeout(2_000),
  })
  const { result } = (await response.json()) as { result: string }
  return Number(result)
}
