// A mempool over a database file of its own, which a test can close and open again like a restart.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Block } from '@worldland-aa/service/chain/block'
import { systemClock } from '@worldland-aa/service/clock'
import { createLogger } from '@worldland-aa/service/logger'
import type { Refusal } from '@worldland-aa/service/result'
import { Registry } from 'prom-client'
import { type Hash, keccak256, zeroAddress } from 'viem'
import { type Commits, type Database, openBundlerDatabase } from '../database.ts'
import type { ChainStep, LandedOperation } from '../mempool/chainStep.ts'
import { defaultMempoolLimits, type MempoolLimits } from '../mempool/limits.ts'
import { createMempool, type Mempool } from '../mempool/mempool.ts'
import type { InclusionTable } from '../receipt/migration.ts'
import { createReputation, type Reputation } from '../reputation/reputation.ts'
import { createHorizon } from '../validation/horizon.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { numberedAddress, validatedOperation } from './validated.ts'

export type TestMempool = {
  readonly path: string
  database: Database
  commits: Commits
  mempool: Mempool
  reputation: Reputation
  registry: Registry
  /** Wei that every paymaster has in the EntryPoint. */
  depositWei: bigint
  /** Of the bundler, beside the blocks'; seconds since the Unix epoch. */
  clockSeconds: number
  restart(limits?: Partial<MempoolLimits>): Promise<void>
  /** Throws unless each is acknowledged. */
  accepted(...operations: readonly ValidatedOperation[]): Promise<void>
  /** Throws unless it is refused and leaves nothing behind. */
  refused(operation: ValidatedOperation): Promise<Refusal>
  /** These stand in a block now, as the receipt stage tells it. */
  landed(operations: readonly LandedOperation[]): Promise<void>
  /** A reorg took these out, with the blocks from `removedFrom` on, if that is given. */
  lost(hashes: readonly Hash[], removedFrom?: bigint): Promise<void>
  /** Hashes, best first. */
  candidates(baseFeePerGas?: bigint): Hash[]
  close(): Promise<void>
}

const logger = createLogger({ name: 'test', level: 'silent' })

export async function openTestMempool(): Promise<TestMempool> {
  const folder = mkdtempSync(join(tmpdir(), 'mempool-'))
  const path = join(folder, 'bundler.sqlite')

  async function open(limits: Partial<MempoolLimits> = {}) {
    const { database, commits } = await openBundlerDatabase(path)
    const registry = new Registry()
    const reputation = createReputation({ database, clock: systemClock, logger })
    const mempool = createMempool({
      database,
      commits,
      reputation,
      depositOf: async () => opened.depositWei,
      limits: { ...defaultMempoolLimits, ...limits },
      horizonOf: createHorizon({ clock: { now: () => opened.clockSeconds * 1000 }, marginSeconds: 60 }),
      registry,
      logger,
    })
    await reputation.start()
    await mempool.start()
    return { database, commits, reputation, mempool, registry }
  }

  async function shut(): Promise<void> {
    await opened.mempool.stop()
    await opened.reputation.stop()
    await opened.database.destroy()
  }

  async function take(step: ChainStep): Promise<void> {
    const prepared = await opened.mempool.prepareStep(step)
    await opened.database.transaction().execute(async transaction => {
      await prepared.write(transaction)
      for (const landing of step.landed) {
        await transaction.insertInto('inclusion').values(inclusionRow(landing)).execute()
      }
    })
    prepared.apply()
  }

  const opened: TestMempool = {
    path,
    depositWei: 10n ** 18n,
    clockSeconds: 0,
    ...({} as Awaited<ReturnType<typeof open>>),
    async restart(limits) {
      await shut()
      Object.assign(opened, await open(limits))
    },
    async accepted(...operations) {
      for (const operation of operations) {
        const answer = await opened.mempool.add(operation)
        if (!answer.ok) throw new Error(`refused: ${answer.refusal.message}`)
        if (answer.value !== operation.userOperationHash) throw new Error('acknowledged by another hash')
      }
    },
    async refused(operation) {
      const answer = await opened.mempool.add(operation)
      if (answer.ok) throw new Error('it was accepted')
      if (opened.mempool.get(operation.userOperationHash) !== undefined) throw new Error('it is in the pool')
      return answer.refusal
    },
    landed: landed => take({ landed, lost: [], head: 1n }),
    lost: (lost, removedFrom) => take({ landed: [], lost, removedFrom, head: 1n }),
    candidates: (baseFeePerGas = 0n) =>
      [...opened.mempool.candidates(baseFeePerGas)].map(({ validated }) => validated.userOperationHash),
    async close() {
      await shut()
      rmSync(folder, { recursive: true })
    },
  }
  Object.assign(opened, await open())
  return opened
}

/** An operation of account number `account`. */
export function operationOf(
  account: number,
  fields: object = {},
  known: Partial<ValidatedOperation> = {},
): ValidatedOperation {
  return validatedOperation({ sender: numberedAddress(account), ...fields }, known)
}

export function hashOf({ userOperationHash }: ValidatedOperation): Hash {
  return userOperationHash
}

/** As the receipt stage writes it beside. */
function inclusionRow({ hash, sender, nonce }: LandedOperation): InclusionTable {
  return {
    operation_hash: hash,
    block_hash: keccak256('0x01'),
    block_number: 1,
    transaction_hash: keccak256('0x02'),
    sender,
    paymaster: zeroAddress,
    nonce: nonce.toString(),
    success: 1,
    actual_gas_cost_wei: '0',
    actual_gas_used: '0',
  }
}

/** As the chain tells of it. */
export function landingOf({ userOperation, userOperationHash }: ValidatedOperation): LandedOperation {
  return { hash: userOperationHash, sender: userOperation.sender, nonce: userOperation.nonce }
}

export function testBlock(number: bigint, timestamp = 1_000n): Block {
  return {
    number,
    hash: keccak256(`0x${number.toString(16).padStart(4, '0')}`),
    parentHash: keccak256('0x'),
    timestamp,
    baseFeePerGas: 7n,
    gasLimit: 30_000_000n,
  }
}
