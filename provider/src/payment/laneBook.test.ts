// The voucher ledger on a real data file: nothing is booked twice, nothing is lost by a restart.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { systemClock } from '@worldland-aa/service/clock'
import { createGroupCommit } from '@worldland-aa/service/database/groupCommit'
import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import fc from 'fast-check'
import { zeroAddress, zeroHash } from 'viem'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { payerOf } from './lane.ts'
import { createLaneBook, type LaneBook } from './laneBook.ts'
import { owedWei } from './owed.ts'
import { type PaymentTables, paymentMigrations } from './tables.ts'

let folder: string
let database: Kysely<PaymentTables> | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-aa-test-'))
})
afterEach(async () => {
  await database?.destroy()
  database = undefined
  rmSync(folder, { recursive: true })
})

/** As the daemon starts: from what is in the file. */
async function restart(file = 'payment.sqlite'): Promise<LaneBook> {
  await database?.destroy()
  database = await openDatabase<PaymentTables>({ path: join(folder, file), migrations: paymentMigrations })
  const book = createLaneBook({ database, commits: createGroupCommit(database), clock: systemClock })
  await book.open()
  return book
}

const payer = payerOf({ sessionId: 1n, rightId: 2n })
const pricePerSecondWei = 7n
const voucher = (sequence: bigint, cumulativeWei = sequence * 70n): SignedVoucher => ({
  voucher: { ...payer, cumulativeWei, sequence, units: sequence * 10n, receiptsRoot: zeroHash },
  signer: zeroAddress,
  signature: '0x01',
})
const terms = { pricePerSecondWei, takenAtBlock: 5n }
async function take(book: LaneBook, sequence: bigint): Promise<void> {
  void book.take(voucher(sequence), terms)
  await book.durable(payer.lane)
}

it('has the last voucher of each lane after a restart, with all that was used', async () => {
  const book = await restart()
  await take(book, 1n)
  await book.book(payer, { jobId: 'a', usedMilliseconds: 1_500 })
  await take(book, 2n)
  await book.noteRedeemed(payer.lane, 70n)
  await book.book(payer, { jobId: 'b', usedMilliseconds: 500 })
  const known = book.get(payer.lane)
  expect(known).toMatchObject({ usedMilliseconds: 2_000n, redeemedWei: 70n })
  expect(known?.signed.voucher).toMatchObject({ sequence: 2n, cumulativeWei: 140n })
  expect((await restart()).get(payer.lane)).toMatchObject({ ...known, signed: { voucher: { sequence: 2n } } })
})

it('brings a voucher to the disk with what is written next, and by itself where nothing is', async () => {
  let book = await restart()
  void book.take(voucher(1n), terms)
  await book.book(payer, { jobId: 'a', usedMilliseconds: 1_500 })
  book = await restart()
  expect(book.get(payer.lane)?.signed.voucher.sequence).toBe(1n)
  await book.take(voucher(2n), terms)
  expect((await restart()).get(payer.lane)?.signed.voucher.sequence).toBe(2n)
})

it('books a job once, also when it is told of it again after a restart', async () => {
  let book = await restart()
  await take(book, 1n)
  expect(await book.book(payer, { jobId: 'a', usedMilliseconds: 1_500 })).toBe(true)
  expect(await book.book(payer, { jobId: 'a', usedMilliseconds: 1_500 })).toBe(false)
  book = await restart()
  expect(await book.book(payer, { jobId: 'a', usedMilliseconds: 9_000 })).toBe(false)
  expect(book.get(payer.lane)?.usedMilliseconds).toBe(1_500n)
})

it('forgets a lane whose session is over, and finds it no more after a restart', async () => {
  const book = await restart()
  await take(book, 1n)
  await book.close(payer.lane)
  expect(book.get(payer.lane)).toBeUndefined()
  expect(book.ofSession(1n)).toEqual([])
  expect([...(await restart()).all()]).toEqual([])
})

it('refuses use of a lane in which nothing was ever signed', async () => {
  const book = await restart()
  await expect(book.book(payer, { jobId: 'a', usedMilliseconds: 1 })).rejects.toThrow()
})

it('owes exactly the sum of the jobs it was told of, however often, in whatever order, with restarts between', async () => {
  const job = fc.record({ jobId: fc.constantFrom(...'abcdefghij'), usedMilliseconds: fc.nat(100_000) })
  const act = fc.oneof(
    { weight: 8, arbitrary: job },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
    { weight: 2, arbitrary: fc.constant('voucher' as const) },
  )
  let runs = 0
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async acts => {
      const file = `run-${++runs}.sqlite`
      let book = await restart(file)
      let sequence = 1n
      await take(book, sequence)
      const first = new Map<string, number>()
      for (const one of acts) {
        if (one === 'restart') book = await restart(file)
        else if (one === 'voucher') await take(book, ++sequence)
        else {
          if (!first.has(one.jobId)) first.set(one.jobId, one.usedMilliseconds)
          await book.book(payer, one)
        }
      }
      const sum = [...first.values()].reduce((total, used) => total + BigInt(used), 0n)
      const account = book.get(payer.lane)
      expect(account?.usedMilliseconds).toBe(sum)
      expect(account?.signed.voucher.sequence).toBe(sequence)
      expect(owedWei(account?.usedMilliseconds ?? 0n, pricePerSecondWei)).toBe((sum * 7n + 999n) / 1_000n)
    }),
    { numRuns: 25 },
  )
})
