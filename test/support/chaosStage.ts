// What every chaos test stands on: a chain with blocks every second, a crowd that can send, and one bundler
// that the test starts, harms and starts again. All anew for each test.
import type { Hash } from 'viem'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { type BundlerOptions, startBundler } from './bundler.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { type Crowd, type CrowdOperation, gatherCrowd } from './crowd.ts'
import type { Daemon } from './daemon.ts'
import { eventually } from './eventually.ts'
import { countLandings } from './landings.ts'
import { sendUntilAcknowledged } from './persistentSender.ts'
import { resultOf } from './rpc.ts'
import { subfolder, workFolder } from './workFolder.ts'

export type OperationStatus = {
  readonly status: string
  readonly transactionHash: Hash | null
}

export type ChaosStage = {
  readonly chain: TestChain
  readonly crowd: Crowd
  /** Logs and data of this test's bundler. */
  readonly folder: string
  /** Throws while there is none. */
  readonly bundler: Daemon
  /** Over the same data file each time. */
  startBundler(options?: Partial<BundlerOptions>): Promise<Daemon>
  /** SIGKILL; until the next start there is no bundler. */
  killBundler(): Promise<void>
  /** Sends until each is acknowledged, by whichever bundler there is. */
  send(
    operations: readonly CrowdOperation[],
    options?: { concurrency?: number; onAcknowledged?: (hash: Hash) => void },
  ): Promise<readonly Hash[]>
  statusOf(hash: Hash): Promise<OperationStatus>
  allSubmitted(hashes: readonly Hash[]): Promise<readonly OperationStatus[]>
  /** Waits until all have landed, then for 15 blocks more, and fails when one did not land exactly once. */
  expectAllLandOnce(hashes: readonly Hash[]): Promise<void>
}

/** Call at the top of a test file. */
export function chaosStage(options: { accounts: number }): ChaosStage {
  // Longer than any of these takes on a quiet machine: the machine may not be quiet.
  vi.setConfig({ testTimeout: 600_000, hookTimeout: 180_000 })
  const root = workFolder()
  let folder = root
  let chain: TestChain | undefined
  let crowd: Crowd | undefined
  let bundler: Daemon | undefined

  beforeEach(async () => {
    folder = subfolder(root)
    chain = await startTestChain()
    crowd = await gatherCrowd(chain, options.accounts)
    // No reorg shall reach back to the scene itself.
    await chain.anvil.mine({ blocks: 20 })
    await chain.mineEvery(1)
  })
  afterEach(async () => {
    await bundler?.kill()
    bundler = undefined
    await chain?.stop()
  })

  const stage: ChaosStage = {
    get chain() {
      return present(chain, 'chain')
    },
    get crowd() {
      return present(crowd, 'crowd')
    },
    get folder() {
      return folder
    },
    get bundler() {
      return present(bundler, 'bundler')
    },
    async startBundler(given) {
      bundler = await startBundler({ rpcUrl: stage.chain.rpcUrl, folder, ...given })
      return bundler
    },
    async killBundler() {
      const victim = bundler
      bundler = undefined
      await victim?.kill()
    },
    send: (operations, given = {}) =>
      sendUntilAcknowledged({ operations, concurrency: 4, url: () => bundler?.url, ...given }),
    statusOf: hash => resultOf(stage.bundler.url, 'pimlico_getUserOperationStatus', hash),
    allSubmitted: hashes =>
      eventually(
        'every operation being in a bundle',
        () => Promise.all(hashes.map(hash => stage.statusOf(hash))),
        seen => seen.every(({ status }) => status === 'submitted'),
      ),
    async expectAllLandOnce(hashes) {
      await eventually(
        `${hashes.length} operations landing`,
        () => countLandings(stage.chain.client, hashes),
        counts => (counts[0] ?? 0) === 0,
        90,
      )
      await stage.chain.anvil.mine({ blocks: 15 })
      expect(await countLandings(stage.chain.client, hashes)).toEqual({ 1: hashes.length })
    },
  }
  return stage
}

function present<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`There is no ${name} on the stage now`)
  return value
}
