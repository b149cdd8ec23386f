// The provider's daemon as an operator runs it, over a devnet: a child process with a market file and machines that are
// plain processes.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import type { DevnetFile } from '../../scripts/devnet/startDevnet.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { type Daemon, startDaemon } from './daemon.ts'

export type ProviderDaemon = {
  readonly folder: string
  readonly privateKey: Hex
  start(): Promise<Daemon>
  /** Writes the market file; the daemon reads it at its start and at SIGHUP. */
  write(market: object): void
  /** `worldland-provider check`, with what `start` is given. */
  check(): Promise<Answer>
  /** What `worldland-provider NAME …` prints, and its exit code. */
  ask(...words: readonly string[]): Promise<Answer>
  log(): string
}

type Answer = { readonly code: number | null; readonly printed: string }

const main = join(workspaceRoot, 'provider/packed/main.js')

export const testOffer = {
  name: 'test-gpu',
  gpuModel: 'Test GPU',
  vramGiB: 24,
  region: 'KR-Daemon',
  capacityUnits: 4,
  pricePerHour: '0.36',
  bondPerUnitWei: '0.1ether',
  minimumSeconds: 1,
  maximumSeconds: 86_400,
}

export const testMarket = {
  name: 'Test provider',
  metadataUri: 'https://provider.example/about.json',
  stakeWei: '2ether',
  offers: [testOffer],
}

export function createProviderDaemon(options: {
  readonly folder: string
  readonly devnet: Pick<DevnetFile, 'rpcUrl' | 'contracts'>
  readonly market?: object
  readonly privateKey?: Hex
  readonly flags?: Readonly<Record<string, string | number>>
}): ProviderDaemon {
  const { folder, devnet, market = testMarket, privateKey = generatePrivateKey() } = options
  mkdirSync(folder, { recursive: true })
  const file = (name: string): string => join(folder, name)
  writeFileSync(file('contracts.json'), JSON.stringify({ contracts: devnet.contracts }))
  writeFileSync(file('provider.key'), privateKey, { mode: 0o600 })
  const write = (wanted: object): void => writeFileSync(file('provider.json'), JSON.stringify(wanted))
  write(market)
  const flags = {
    'rpc-url': devnet.rpcUrl,
    'contracts-file': file('contracts.json'),
    'provider-key-file': file('provider.key'),
    'market-file': file('provider.json'),
    'data-folder': file('data'),
    driver: 'process',
    port: 0,
    'operator-port': 0,
    'ssh-port': 0,
    'worker-port': 0,
    'poll-milliseconds': 100,
    'finality-blocks': 3,
    ...options.flags,
  }
  return {
    ...{ folder, privateKey, write },
    log: () => readFileSync(file('provider.log'), 'utf8'),
    start: () =>
      startDaemon({
        ...{ main, flags, logFile: file('provider.log') },
        environment: { WORLDLAND_PROVIDER_WITHOUT_GPUS: 'true' },
      }),
    check: () =>
      run('check', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])),
    ask: (...words) => run(...words, '--data-folder', file('data')),
  }
}

async function run(...words: readonly string[]): Promise<Answer> {
  const child = spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      printed += chunk
    })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, printed }
}
