// The hours add up to what was spent, to the wei, also where reorgs reach deeper than what was taken for final.
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import fc from 'fast-check'
import { type Hash, numberToHex } from 'viem'
import { expect, it } from 'vitest'
import type { Landing } from '../ledger/advance.ts'
import { createLedger } from '../ledger/ledger.ts'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'
import { expectExplorerToAgree } from '../testing/explorerTruth.ts'

const hash = (index: number): Hash => numberToHex(index + 1, { size: 32 })

const landing = fc.record({
  costWei: fc.bigInt({ min: 0n, max: 10n ** 20n }),
  atSeconds: fc.option(fc.integer({ min: 1_790_000_000, max: 1_790_090_000 })),
  mode: fc.constantFrom('sponsor', 'token', 'tank'),
  isPaid: fc.boolean(),
  succeeded: fc.boolean(),
})

it('adds up, hour by hour, whatever lands, becomes final and is taken back', async () => {
  let takenBack = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(landing, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(7), { maxLength: 8 }),
      async (landings, undone) => {
        const database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
        try {
          const ledger = createLedger(database)
          const common = { depositWei: 10n ** 30n, head: { number: 0n, hash: hash(0) } }
          await ledger.advance({ ...common, removedBlocks: [], landings: [] })
          const all: Landing[] = []
          for (const [index, one] of landings.entries()) {
            const operation = { sender: numberToHex(index + 1, { size: 20 }), nonce: 0n, validUntil: 100 }
            const reserved = await ledger.reserve({ ...operation, maxCostWei: 10n ** 20n, budgets: [] })
            if (!reserved.ok) throw new Error(reserved.refusal.message)
            const userOperationHash = hash(1_000 + index)
            await ledger.record({
              ...{ exposureId: reserved.value, userOperationHash, mode: one.mode, policyId: '0x' },
              ...{ maxCostWei: 10n ** 20n, validUntil: 100, budgetIds: [] },
            })
            all.push({
              ...{ userOperationHash, ...operation, costWei: one.costWei, paidByUs: true },
              ...{
                lossWei: one.isPaid ? 0n : one.costWei,
                succeeded: one.succeeded,
                transactionHash: hash(0),
              },
              block: { number: BigInt(index + 1), hash: hash(10 + index) },
              ...(one.atSeconds !== null && { atSeconds: one.atSeconds }),
              charge: { wei: one.costWei + 1n, isPaid: one.isPaid },
              ...(one.mode === 'tank' && {
                tokenCharge: { token: numberToHex(7, { size: 20 }), units: one.costWei + 2n },
              }),
            })
          }
          const final = { number: 100n, timestamp: 1n }
          const land = (some: readonly Landing[]) =>
            ledger.advance({ ...common, removedBlocks: [], landings: some, final })
          await land(all)
          await expectExplorerToAgree(database)
          for (const index of new Set(undone)) {
            const gone = all[index]
            if (gone === undefined) continue
            takenBack++
            await ledger.advance({ ...common, removedBlocks: [gone.block.hash], landings: [] })
            await expectExplorerToAgree(database)
            // It lands again in another block, some hours later.
            const block = { number: gone.block.number, hash: hash(500 + index) }
            const again = { ...gone, block, atSeconds: (gone.atSeconds ?? 0) + 20_000 }
            await land([again])
            await expectExplorerToAgree(database)
            all[index] = again
          }
          const hashes = all.map(({ block }) => block.hash)
          await ledger.advance({ ...common, removedBlocks: hashes, landings: [] })
          const hours = await database.selectFrom('spend_hour').selectAll().execute()
          const left = hours.flatMap(({ hour, mode, policy_id, ...sums }) => Object.values(sums))
          expect(left.filter(sum => String(sum) !== '0')).toEqual([])
          const tokenHours = await database.selectFrom('token_hour').selectAll().execute()
          const inTokens = tokenHours.flatMap(({ hour, token, ...sums }) => Object.values(sums))
          expect(inTokens.filter(sum => String(sum) !== '0')).toEqual([])
        } finally {
          await database.destroy()
        }
      },
    ),
    { numRuns: 40 },
  )
  expect(takenBack).toBeGreaterThan(0)
})
