// Promises over a database file of its own and a mempool that is real, for a bundler that leads whatever it is told to:
// chain, fees and executors say what the test says.

import { createLogger } from '@worldland-aa/service/logger'
import { Registry } from 'prom-client'
import type { Address, Hex } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { createOperationCost } from '../bundling/operationCost.ts'
import type { Commits } from '../database.ts'
import { entryPoint07 } from '../entryPoint/entryPoint07.ts'
import type { SignedInclusionPromise } from '../participation/gossip/messages.ts'
import { createPromises, type Promises, type PromisesOptions } from '../participation/promises/promises.ts'
import { openTestMempool, type TestMempool, testBlock } from './openMempool.ts'

const gwei = 10n ** 9n
export const court: Address = '0x00000000000000000000000000000000000c0047'
export const ownId = 7
export const otherId = 8

export type PromiseStage = {
  readonly mempool: TestMempool
  readonly nodeKey: Hex
  readonly otherKey: Hex
  readonly published: SignedInclusionPromise[]
  /** Bundler ids by window of four blocks; the last leads all that follow. */
  leaders: readonly number[]
  head: bigint
  /** By the word of its peers. */
  isBehind: boolean
  /** Wei of the one executor. */
  balanceWei: bigint
  simulation: Awaited<ReturnType<PromisesOptions['simulate']>>
  /** What the court has on any promise, as the contract numbers it; 0: nothing. */
  caseState: number
  promises: Promises
  commits: Commits
  registry: Registry
  /** A block after the head; `landed` are in it. */
  mine(...landed: readonly { hash: Hex; sender: Address; nonce: bigint }[]): Promise<void>
  /** As after a crash: what is not on the disk is gone. */
  restart(): Promise<void>
  close(): Promise<void>
}

const logger = createLogger({ name: 'test', level: 'silent' })

export async function openPromises(changes: Partial<PromisesOptions> = {}): Promise<PromiseStage> {
  const mempool = await openTestMempool()
  const nodeKey = generatePrivateKey()
  const otherKey = generatePrivateKey()

  async function open(): Promise<void> {
    stage.registry = new Registry()
    stage.commits = mempool.commits
    const windowOf = (block: bigint) => {
      const index = block / 4n
      return { index, first: index * 4n, last: index * 4n + 3n }
    }
    stage.promises = createPromises({
      chainId: 103,
      nodeKey,
      network: {
        terms: () => ({
          court,
          fineWei: 10n ** 18n,
          challengeDepositWei: 10n ** 18n,
          challengeBlocks: 64,
          answerBlocks: 16,
        }),
        schedule: () => ({
          windowOf,
          leaderAt: block => stage.leaders[Math.min(Number(block / 4n), stage.leaders.length - 1)] ?? 0,
        }),
        ownId: () => ownId,
        isBehind: () => stage.isBehind,
        nodeKeyOf: id => (id === otherId ? privateKeyToAddress(otherKey) : undefined),
      },
      chain: { head: () => testBlock(stage.head), shortfall: () => undefined },
      mempool: mempool.mempool,
      reputation: mempool.reputation,
      submission: {
        executors: () => [{ address: court, balanceWei: stage.balanceWei, inFlight: 0, pendingNonce: 0 }],
      },
      fees: {
        currentFees: () => ({
          baseFeePerGas: gwei,
          slow: { maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei },
          standard: { maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei },
          fast: { maxFeePerGas: 3n * gwei, maxPriorityFeePerGas: gwei },
          contested: { maxFeePerGas: 6n * gwei, maxPriorityFeePerGas: 4n * gwei },
        }),
        minimumFees: () => ({ maxFeePerGas: 2n * gwei, maxPriorityFeePerGas: gwei }),
      },
      costOf: createOperationCost({ version: entryPoint07, fork: 'london' }),
      limits: {
        marginBlocks: 8,
        bundleGasLimit: 12_000_000n,
        blockGasSharePercent: 90,
        maxTransactionBytes: 128 * 1024,
        mempoolCapacity: 1_000,
        blockTimeSeconds: 10,
      },
      clock: { now: () => 1_000_000 },
      database: mempool.database,
      commits: stage.commits,
      isOn: true,
      finalityBlocks: 12,
      simulate: async () => stage.simulation,
      client: { getLogs: async () => [], readContract: async () => ({ state: stage.caseState }) } as never,
      operator: undefined,
      publish: promise => stage.published.push(promise),
      registry: stage.registry,
      logger,
      ...changes,
    })
    await stage.promises.start()
  }

  const stage: PromiseStage = {
    mempool,
    nodeKey,
    otherKey,
    published: [],
    leaders: [ownId],
    head: 1n,
    isBehind: false,
    balanceWei: 10n ** 18n,
    simulation: { kind: 'success' },
    caseState: 0,
    ...({} as Pick<PromiseStage, 'promises' | 'commits' | 'registry'>),
    async mine(...landed) {
      stage.head += 1n
      for (const { hash, sender, nonce } of landed) {
        await mempool.landed([{ hash, sender, nonce }])
        await mempool.database
          .updateTable('inclusion')
          .set({ block_number: Number(stage.head), block_hash: testBlock(stage.head).hash })
          .where('operation_hash', '=', hash)
          .execute()
      }
      const head = testBlock(stage.head)
      await stage.promises.onChainUpdate({ removed: [], added: [head], head })
    },
    async restart() {
      await stage.promises.stop()
      await stage.commits.settled()
      await mempool.restart()
      await open()
    },
    async close() {
      await stage.promises.stop()
      await stage.commits.settled()
      await mempool.close()
    },
  }
  await open()
  return stage
}
