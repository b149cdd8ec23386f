// A real chain for a test, at the London level unless it asks for another: anvil on a free port, ended with the test.
import { type ChildProcess, spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createTestClient, http, type TestClient } from 'viem'
import { foundry } from 'viem/chains'

export type Anvil = {
  readonly url: string
  /** Mining, reorgs, balances and the like. */
  readonly client: TestClient<'anvil'>
  stop(): Promise<void>
}

export type Hardfork = 'london' | 'paris' | 'shanghai' | 'cancun' | 'prague' | 'osaka'

/** Mines at once unless `blockSeconds` is given; 0 mines only when asked. */
export async function startAnvil(
  options: { blockSeconds?: number; port?: number; hardfork?: Hardfork } = {},
): Promise<Anvil> {
  const port = options.port ?? (await freePort())
  const anvilPackage = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
  const mining =
    options.blockSeconds === undefined
      ? []
      : options.blockSeconds === 0
        ? ['--no-mining']
        : ['--block-time', String(options.blockSeconds)]
  const child = spawn(
    process.execPath,
    [
      join(dirname(anvilPackage), 'bin.mjs'),
      '--hardfork',
      options.hardfork ?? 'london',
      '--chain-id',
      '103',
      '--port',
      String(port),
      ...mining,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  await listening(child)
  const url = `http://127.0.0.1:${port}`
  const client = createTestClient({
    mode: 'anvil',
    chain: { ...foundry, id: 103 },
    // Longer than anything takes on a quiet machine: the machine may not be quiet.
    transport: http(url, { timeout: 60_000 }),
    pollingInterval: 50,
  })
  return {
    url,
    client,
    async stop(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise(resolve => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function listening(child: ChildProcess): Promise<void> {
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (printed.includes('Listening on')) resolve()
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
