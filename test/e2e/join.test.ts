// `worldland-bundler join` as two strangers run it: each from an empty folder, with nothing but a node's URL, the file
// that describes the network, and coin.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import { freePort } from '@worldland-aa/service/testing/startAnvil'
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { eventually } from '../support/eventually.ts'

type Joiner = {
  readonly said: () => string
  readonly port: number
  readonly ended: Promise<number | null>
  readonly child: ChildProcess
}

/** A start among other tests on a busy machine takes its time. */
const patienceMilliseconds = 300_000

let chain: TestChain
let folder: string
const joiners: Joiner[] = []

beforeAll(async () => {
  chain = await startTestChain()
  folder = mkdtempSync(join(tmpdir(), 'join-'))
  const { contracts, chainId, entryPoint } = chain.deployment
  const network = {
    chainId,
    entryPoint,
    bundlerRegistry: contracts.bundlerRegistry,
    bundleGuard: contracts.bundleGuard,
    accountFactory: contracts.simpleAccountFactory,
    bootnodes: [],
  }
  writeFileSync(join(folder, 'network.json'), JSON.stringify(network))
  await chain.mineEvery(1)
})
afterAll(async () => {
  for (const { child } of joiners) child.kill('SIGTERM')
  await Promise.all(joiners.map(({ ended }) => ended))
  await chain?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startJoining(name: string, flags: readonly string[] = []): Promise<Joiner> {
  const [port, p2pPort] = [await freePort(), await freePort()]
  const p2p = `/ip4/127.0.0.1/tcp/${p2pPort}`
  const child = spawn(
    process.execPath,
    [
      join(workspaceRoot, 'bundler/bin/worldland-bundler.mjs'),
      'join',
      ...['--network', join(folder, 'network.json'), '--rpc-url', chain.rpcUrl],
      ...['--folder', join(folder, name), '--port', String(port)],
      ...['--p2p-listen', p2p, '--p2p-announce', p2p, ...flags],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  }
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  const joiner = { said: () => text, port, ended, child }
  joiners.push(joiner)
  return joiner
}

/** Sends the coin that it asks for, as a person would who reads it. */
async function pay(joiner: Joiner): Promise<void> {
  const asked = /send (\S+) coins to (0x[0-9a-fA-F]{40})/
  await until(joiner, asked)
  const [, amount = '', address] = asked.exec(joiner.said()) ?? []
  const hash = await chain.faucet.sendTransaction({ to: address as Address, value: parseEther(amount) })
  await chain.client.waitForTransactionReceipt({ hash })
}

async function until(joiner: Joiner, said: RegExp): Promise<void> {
  await eventually(
    `${said}`,
    async () => joiner.said(),
    text => said.test(text),
    120,
  )
}

async function readRegistry(): Promise<readonly { stakeWei: bigint; addresses: string }[]> {
  const address = chain.deployment.contracts.bundlerRegistry
  return await chain.client.readContract({
    address,
    abi: bundlerRegistryAbi,
    functionName: 'bundlers',
    args: [1, 10],
  })
}

const landed = /the first operation 0x[0-9a-f]{64} landed/

describe('joining a network of bundlers', { timeout: patienceMilliseconds }, () => {
  it('takes a stranger with coin and one command to a registered bundler whose first operation lands', async () => {
    const first = await startJoining('first', ['--stake', '150ether'])
    await pay(first)
    await until(first, landed)
    const [registered] = await readRegistry()
    expect(registered).toMatchObject({ stakeWei: parseEther('150') })
    expect(registered?.addresses).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+$/)
  })

  it('takes a second one the same way, for the least that the registry asks', async () => {
    const second = await startJoining('second')
    await pay(second)
    await until(second, landed)
    expect((await readRegistry()).map(({ stakeWei }) => stakeWei)).toEqual([
      parseEther('150'),
      parseEther('100'),
    ])
  })

  it('goes on where it was when it is run again, and pays nothing twice', async () => {
    const before = await readRegistry()
    const [first] = joiners
    first?.child.kill('SIGTERM')
    await first?.ended
    const again = await startJoining('first', [
      '--stake',
      '150ether',
      '--canary',
      'false',
      '--start',
      'false',
    ])
    expect(await again.ended).toBe(0)
    expect(again.said()).toContain('bundler 1 is registered, with 150 staked')
    expect(again.said()).toContain('stays as you made it')
    expect(again.said()).not.toContain('for a first operation')
    const after = await readRegistry()
    expect(after.map(({ stakeWei }) => stakeWei)).toEqual(before.map(({ stakeWei }) => stakeWei))
  })

  it('spends nothing while something is in the way, and says what', async () => {
    const other = await startJoining('third', ['--stake', '1ether'])
    expect(await other.ended).toBe(78)
    expect(other.said()).toContain('--stake 1ether is below what the registry takes: 100ether or more')
    const network = JSON.parse(readFileSync(join(folder, 'network.json'), 'utf8'))
    const wrong = { ...network, bundlerRegistry: network.accountFactory }
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify(wrong))
    const lost = await startJoining('third', ['--network', join(folder, 'wrong.json')])
    expect(await lost.ended).toBe(78)
    expect(lost.said()).toMatch(/NO {2}registry .* does not answer as a registry/)
    expect(lost.said()).not.toContain('send ')
  })
})
