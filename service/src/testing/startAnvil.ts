// A real chain for a test, at the London level unless it asks for another: anvil on a free port, ended with the test.
import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createTestClient, defineChain, http, type TestClient } from 'viem'

export type Anvil = {
  readonly url: string
  /** Mining, reorgs, balances and the like. */
  readonly client: TestClient<'anvil'>
  stop(): Promise<void>
}

export type Hardfork = 'london' | 'paris' | 'shanghai' | 'cancun' | 'prague' | 'osaka'

/** Not out of viem/chains: that is some hundred files, for each test that starts a chain. */
const chain = defineChain({
  id: 103,
  name: 'anvil',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [] } },
})
const running = new Set<ChildProcess>()
// A test file that ends in a hurry must not leave chains behind.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Mines at once unless `blockSeconds` is given; 0 mines only when asked. */
export async function startAnvil(
  options: { blockSeconds?: number; hardfork?: Hardfork } = {},
): Promise<Anvil> {
  const mining =
    options.blockSeconds === undefined
      ? []
      : options.blockSeconds === 0
        ? ['--no-mining']
        : ['--block-time', String(options.blockSeconds)]
  const child = spawn(
    anvilBinary(),
    // Any free port: one that is found first and taken a moment later may be another's by then.
    ['--hardfork', options.hardfork ?? 'london', '--chain-id', '103', '--port', '0', ...mining],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  running.add(child)
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => {
      running.delete(child)
      resolve()
    })
  })
  const url = `http://${await listening(child)}`
  const client = createTestClient({
    mode: 'anvil',
    chain,
    // Longer than anything takes on a quiet machine: the machine may not be quiet.
    transport: http(url, { timeout: 60_000 }),
    pollingInterval: 50,
  })
  return {
    url,
    client,
    async stop(): Promise<void> {
      // There is nothing to save.
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The program itself, not its Node wrapper, which takes longer to start than it. */
function anvilBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const packageFile = `@foundry-rs/anvil-${process.platform}-${architecture}/package.json`
  return join(dirname(createRequire(import.meta.url).resolve(packageFile)), 'bin/anvil')
}

/** Host and port. */
async function listening(child: ChildProcess): Promise<string> {
  let printed = ''
  return await new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed = (printed + chunk.toString()).slice(-2_000)
      const address = /Listening on (\S+:\d+)\s/.exec(printed)?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`anvil ended with ${code}: ${printed.slice(-500)}`)))
  })
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
