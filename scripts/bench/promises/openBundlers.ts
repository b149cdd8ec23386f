// Bundlers of operators of their own, registered on the bench's chain, each a process, all met.
import { join } from 'node:path'
import { openHousehold } from '@worldland-aa/bundler/participation/join/household'
import { operatorOf } from '@worldland-aa/bundler/participation/join/operator'
import { register } from '@worldland-aa/bundler/participation/join/registration'
import { connectNode } from '@worldland-aa/service/chain/connectNode'
import { parseEther } from 'viem'
import { devnetPorts } from '../../devnet/devnetPorts.ts'
import { workspaceRoot } from '../../workspaceRoot.ts'
import type { StartedChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import { type RpcCall, rpcCaller } from '../rpcCaller.ts'
import { answersEntryPoints, type SubjectProcess, startSubjectProcess } from '../subjectProcess.ts'

export type BenchBundler = {
  readonly bundlerId: number
  readonly call: RpcCall
  readonly process: SubjectProcess
}

type Registered = { readonly bundlerId: number; readonly folder: string; readonly p2p: string }

const stakeWei = parseEther('100')
const patienceMilliseconds = 120_000

/** While the chain mines every transaction at once. */
export async function openBundlers(
  run: BenchRun,
  options: { chain: StartedChain; count: number },
): Promise<readonly BenchBundler[]> {
  const { chain, count } = options
  run.say(`registering ${count} bundlers`)
  const registered: Registered[] = []
  for (let index = 0; index < count; index++) registered.push(await registerOne(run, chain, index))
  run.say(`starting ${count} bundlers`)
  return await Promise.all(registered.map(one => start(run, chain, one)))
}

async function registerOne(run: BenchRun, chain: StartedChain, index: number): Promise<Registered> {
  const folder = join(run.folder, `bundler-${index}`)
  const household = openHousehold(folder, 1)
  if (!household.ok) throw new Error(household.refusal.message)
  const { account } = household.value.operator
  await chain.testClient.setBalance({ address: account.address, value: parseEther('1000') })
  const node = await connectNode(chain.rpcUrl)
  const p2p = `/ip4/127.0.0.1/tcp/${(await devnetPorts(0)).node}`
  const registration = {
    client: node.client,
    chainId: node.chainId,
    registry: chain.contracts.bundlerRegistry,
    household: household.value,
    stakeWei,
    addresses: [p2p],
    executorWei: parseEther('100'),
    canaryWei: 0n,
    say: () => undefined,
  }
  const bundlerId = await register(registration, operatorOf(node, chain.rpcUrl, account))
  return { bundlerId, folder, p2p }
}

async function start(
  run: BenchRun,
  chain: StartedChain,
  { bundlerId, folder, p2p }: Registered,
): Promise<BenchBundler> {
  const process = await startSubjectProcess(run, {
    name: `bundler ${bundlerId}`,
    command: [
      `exec node '${join(workspaceRoot, 'bundler/dist/main.js')}' start --rpc-url "$RPC_URL" --port "$PORT"`,
      '--executor-keys-file "$FOLDER/executors.txt" --node-key-file "$FOLDER/node.key"',
      '--operator-key-file "$FOLDER/operator.key" --data-file "$FOLDER/bundler.sqlite"',
      '--bundler-registry "$REGISTRY" --bundle-guard "$GUARD" --p2p-listen "$P2P"',
      '--calls-per-second 0 --log-level warn',
    ].join(' '),
    port: (await devnetPorts(0)).bundler,
    environment: {
      RPC_URL: chain.rpcUrl,
      FOLDER: folder,
      REGISTRY: chain.contracts.bundlerRegistry,
      GUARD: chain.contracts.bundleGuard,
      P2P: p2p,
    },
    serves: answersEntryPoints,
  })
  return { bundlerId, process, call: rpcCaller(process.url) }
}

type Standing = {
  readonly mempool: { readonly pending: number; readonly submitted: number }
  readonly participation: {
    readonly mode: string
    readonly peers: readonly { readonly isListening: boolean }[]
  }
}

/** Until each has a leader table to go by and hears all others. */
export async function untilMet(run: BenchRun, bundlers: readonly BenchBundler[]): Promise<void> {
  run.say('waiting until they have met')
  await untilEach(run, bundlers, ({ participation: { mode, peers } }) => {
    const heard = peers.filter(({ isListening }) => isListening).length
    return mode === 'registered' && heard >= bundlers.length - 1
  })
}

export async function untilNothingWaits(run: BenchRun, bundlers: readonly BenchBundler[]): Promise<void> {
  await untilEach(run, bundlers, ({ mempool }) => mempool.pending + mempool.submitted === 0)
}

async function untilEach(
  run: BenchRun,
  bundlers: readonly BenchBundler[],
  isSo: (standing: Standing) => boolean,
): Promise<void> {
  const until = Date.now() + patienceMilliseconds
  for (const { bundlerId, call } of bundlers) {
    for (;;) {
      run.signal.throwIfAborted()
      const standing = (await call('worldland_getBundlerStatus', [])) as Standing
      if (isSo(standing)) break
      if (Date.now() > until)
        throw new Error(`Bundler ${bundlerId} is not ready: ${JSON.stringify(standing)}`)
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}
