// A bundler's whole mempool: admission, disk and all, on an SQLite database in memory.
import { openBundlerDatabase } from '@worldland-aa/bundler/database'
import { defaultMempoolLimits } from '@worldland-aa/bundler/mempool/limits'
import { createMempool } from '@worldland-aa/bundler/mempool/mempool'
import { createReputation } from '@worldland-aa/bundler/reputation/reputation'
import { createHorizon } from '@worldland-aa/bundler/validation/horizon'
import { createLogger } from '@worldland-aa/service/logger'
import { Registry } from 'prom-client'
import type { Operation } from '../operations.ts'
import { type OperationOf, transactionHash, type WaitingRoom } from './waitingRoom.ts'

export async function openFullRoom(operationOf: OperationOf): Promise<WaitingRoom> {
  const { database, commits } = await openBundlerDatabase(':memory:')
  const logger = createLogger({ name: 'simulate', level: 'silent' })
  const clock = { now: () => 0 }
  const reputation = createReputation({ database, clock, logger })
  const mempool = createMempool({
    database,
    commits,
    reputation,
    depositOf: async () => 10n ** 30n,
    limits: { ...defaultMempoolLimits, maxPerUnstakedSender: 1_000 },
    horizonOf: createHorizon({ clock, marginSeconds: 60 }),
    registry: new Registry(),
    logger,
  })
  await reputation.start()
  await mempool.start()
  const hashesOf = (operations: readonly Operation[]) =>
    operations.map(({ validated }) => validated.userOperationHash)
  const known = new Set<Operation>()

  async function step(landed: readonly Operation[], lost: readonly Operation[]): Promise<void> {
    const prepared = await mempool.prepareStep({
      landed: landed.map(({ validated: { userOperation, userOperationHash } }) => ({
        hash: userOperationHash,
        sender: userOperation.sender,
        nonce: userOperation.nonce,
      })),
      lost: hashesOf(lost),
      // No block of the model ends an operation but by what lands in it.
      head: 0n,
    })
    const counts = reputation.prepareInclusions([
      ...prepared.lost.map(validated => ({ validated, by: -1 as const })),
      ...prepared.landed.map(validated => ({ validated, by: 1 as const })),
    ])
    await commits.commit(async transaction => {
      for (const change of [prepared, counts]) await change.write(transaction)
    })
    for (const change of [prepared, counts]) change.apply()
  }

  return {
    has: ({ validated }) => mempool.get(validated.userOperationHash) !== undefined,
    *held() {
      for (const operation of known) yield operation
    },
    async take(operation, knownSinceHeight) {
      const wasHere = await mempool.find(operation.validated.userOperationHash)
      known.add(operation)
      // It had landed, and a reorg took it back.
      if (wasHere !== undefined) return await step([], [operation])
      const verifiedAt = { ...operation.validated.verifiedAt, number: BigInt(knownSinceHeight) }
      const answer = await mempool.add({ ...operation.validated, verifiedAt })
      if (!answer.ok) throw new Error(`The mempool refuses a modelled operation: ${answer.refusal.message}`)
    },
    async landed(operations) {
      if (operations.length > 0) await step(operations, [])
      for (const operation of operations) known.delete(operation)
    },
    submitted: (operations, transaction) =>
      mempool.submitted(hashesOf(operations), transactionHash(transaction)),
    released: operations => mempool.released(hashesOf(operations)),
    *candidates(baseFeeWei) {
      for (const { validated, addedAtBlock } of mempool.candidates(baseFeeWei)) {
        yield { operation: operationOf(validated.userOperationHash), knownSinceHeight: Number(addedAtBlock) }
      }
    },
    async close() {
      await mempool.stop()
      await reputation.stop()
      await database.destroy()
    },
  }
}
