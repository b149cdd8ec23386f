// The real WorldLand client for a test, whose operator names its binary: nodes of one private chain at the London
// level with ECCPoW, each with a data folder that outlives `kill -9`. Nodes know each other only when told to.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import { type Hex, numberToHex, parseEther } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import {
  deterministicDeployerAddress,
  deterministicDeployerCode,
} from '../../scripts/deploy/deterministicDeployer.ts'
import { anvilKey } from './keys.ts'
import { resultOf } from './rpc.ts'

export type WorldlandClient = {
  readonly url: string
  /** Resolves once JSON-RPC answers; over the same data folder each time. */
  start(): Promise<void>
  /** One thread: a block in two to ten seconds. */
  mine(on: boolean): Promise<void>
  connect(other: WorldlandClient): Promise<void>
  disconnect(other: WorldlandClient): Promise<void>
  enode(): Promise<string>
  head(): Promise<{ readonly number: bigint; readonly totalDifficulty: bigint }>
  kill(): Promise<void>
  stop(): Promise<void>
}

export async function createWorldlandClient(options: {
  readonly binary: string
  readonly folder: string
  readonly name: string
}): Promise<WorldlandClient> {
  const { binary, folder, name } = options
  const dataFolder = join(folder, name)
  const logFile = join(folder, `${name}.log`)
  const [httpPort, peerPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${httpPort}`
  let child: ChildProcess | undefined

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = new Promise(resolve => ending.once('exit', resolve))
    ending.kill(signal)
    await ended
  }

  const client: WorldlandClient = {
    url,
    async start() {
      if (!existsSync(dataFolder)) initialise(binary, dataFolder)
      child = spawn(binary, flagsOf({ dataFolder, httpPort, peerPort }), {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      process.once('exit', () => child?.kill('SIGKILL'))
      child.stderr?.pipe(createWriteStream(logFile, { flags: 'a' }))
      await answering(url, logFile)
    },
    async mine(on) {
      if (on) await resultOf(url, 'miner_start', 1)
      else await resultOf(url, 'miner_stop')
    },
    async connect(other) {
      await resultOf(url, 'admin_addPeer', await other.enode())
    },
    async disconnect(other) {
      await resultOf(url, 'admin_removePeer', await other.enode())
    },
    async enode() {
      const { enode } = await resultOf<{ enode: string }>(url, 'admin_nodeInfo')
      return enode
    },
    async head() {
      const head = await resultOf<{ number: Hex; totalDifficulty: Hex }>(
        url,
        'eth_getBlockByNumber',
        'latest',
        false,
      )
      return { number: BigInt(head.number), totalDifficulty: BigInt(head.totalDifficulty) }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
  return client
}

function initialise(binary: string, dataFolder: string): void {
  const genesis = `${dataFolder}.genesis.json`
  writeFileSync(genesis, JSON.stringify(genesisOfRich()))
  const { status, stderr } = spawnSync(binary, ['init', '--datadir', dataFolder, genesis], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${binary} init failed: ${stderr.slice(-500)}`)
}

function flagsOf(given: { dataFolder: string; httpPort: number; peerPort: number }): readonly string[] {
  return [
    ...['--datadir', given.dataFolder, '--networkid', '103', '--syncmode', 'full'],
    ...['--http', '--http.addr', '127.0.0.1', '--http.port', String(given.httpPort)],
    // The daemons are served the first three; the test drives the node by the others.
    ...['--http.api', 'eth,net,web3,admin,miner'],
    ...[
      '--authrpc.port',
      '0',
      '--port',
      String(given.peerPort),
      '--nodiscover',
      '--nat',
      'none',
      '--ipcdisable',
    ],
    ...['--miner.etherbase', privateKeyToAddress(anvilKey(9))],
  ]
}

/** London from the first block, at the difficulty with which one thread makes a block in some seconds. */
function genesisOfRich(): object {
  const forks = [
    ...['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople', 'petersburg'],
    ...['istanbul', 'muirGlacier', 'berlin', 'london', 'worldland', 'seoul'],
  ]
  const rich = Array.from({ length: 10 }, (_, index) => privateKeyToAddress(anvilKey(index)))
  return {
    config: { chainId: 103, ...Object.fromEntries(forks.map(fork => [`${fork}Block`, 0])), eccpow: {} },
    difficulty: '0x3ff',
    gasLimit: '0x1c9c380',
    baseFeePerGas: '0x3b9aca00',
    alloc: {
      ...Object.fromEntries(rich.map(address => [address, { balance: numberToHex(parseEther('1000000')) }])),
      [deterministicDeployerAddress]: { balance: '0x0', code: deterministicDeployerCode },
    },
  }
}

async function answering(url: string, logFile: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const chainId = await resultOf(url, 'eth_chainId').catch(() => undefined)
    if (chainId === '0x67') return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`No WorldLand client answers at ${url}:\n${readFileSync(logFile, 'utf8').slice(-1_000)}`)
}
