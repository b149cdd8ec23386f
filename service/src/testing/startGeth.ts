// A real geth for a test, whose operator names its binary: a private chain with the state of a genesis, which mines
// when a transaction comes, ended with the test. No anvil can do what is asked of it here: be the node people run.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './startAnvil.ts'

export type Geth = { readonly url: string; stop(): Promise<void> }

/** Levels at which geth can begin a chain of its own: since the merge none is older than Paris. */
export type GethFork = 'paris' | 'prague'

type Hex = `0x${string}`
export type GenesisAccounts = Readonly<Record<Hex, { readonly balance: Hex; readonly code?: Hex }>>

export async function startGeth(options: {
  binary: string
  accounts: GenesisAccounts
  fork?: GethFork
}): Promise<Geth> {
  const { binary, accounts, fork = 'paris' } = options
  const folder = await mkdtemp(join(tmpdir(), 'geth-'))
  const genesis = join(folder, 'genesis.json')
  await writeFile(genesis, JSON.stringify(genesisOf(accounts, fork)))
  const { status, stderr } = spawnSync(binary, ['init', '--datadir', folder, genesis], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${binary} init failed: ${stderr.slice(-500)}`)
  const port = await freePort()
  const child = spawn(binary, [...flags(folder), '--http.port', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await listening(child)
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise(resolve => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function flags(folder: string): readonly string[] {
  return [
    '--dev',
    ...['--datadir', folder],
    ...['--http', '--http.addr', '127.0.0.1', '--http.api', 'eth,net,web3,debug'],
    ...['--authrpc.port', '0', '--port', '0', '--nodiscover', '--maxpeers', '0', '--ipcdisable'],
  ]
}

/** What the blocks of Prague call at their end: that there is nothing to report is enough. EIP-7002, EIP-7251 */
const systemContracts: readonly Hex[] = [
  '0x00000961ef480eb55e80d19ad83579a64c007002',
  '0x0000bbddc7ce488642fb579f8b00f3a590007251',
]

function genesisOf(accounts: GenesisAccounts, fork: GethFork): object {
  const london = [
    ...['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg'],
    ...['istanbul', 'muirGlacier', 'berlin', 'london', 'arrowGlacier', 'grayGlacier', 'mergeNetsplit'],
  ]
  const blobs = { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716 }
  const prague = {
    shanghaiTime: 0,
    cancunTime: 0,
    pragueTime: 0,
    blobSchedule: { cancun: blobs, prague: blobs },
  }
  const stops = Object.fromEntries(
    systemContracts.map(address => [address, { balance: '0x0', code: '0x00' }]),
  )
  return {
    config: {
      chainId: 103,
      ...Object.fromEntries(london.map(name => [`${name}Block`, 0])),
      terminalTotalDifficulty: 0,
      ...(fork === 'prague' && prague),
    },
    difficulty: '0x0',
    gasLimit: '0x1c9c380',
    baseFeePerGas: '0x3b9aca00',
    alloc: { ...accounts, ...(fork === 'prague' && stops) },
  }
}

async function listening(child: ChildProcess): Promise<void> {
  let printed = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-2_000)
      if (printed.includes('HTTP server started')) resolve()
    })
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`geth ended with ${code}: ${printed.slice(-500)}`)))
  })
}
