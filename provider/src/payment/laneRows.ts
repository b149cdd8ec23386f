// Lanes and jobs as rows of the data file.
import type { Kysely, Transaction } from '@worldland-aa/service/database/openDatabase'
import { statementsOf } from '@worldland-aa/service/database/statements'
import type { Selectable } from 'kysely'
import type { Address, Hex } from 'viem'
import { payerOfLane } from './lane.ts'
import type { LaneAccount } from './laneBook.ts'
import type { PaymentTables } from './tables.ts'

export type FinishedJob = { readonly jobId: string; readonly usedMilliseconds: number }

type Ledger = Transaction<PaymentTables>

/** Use is added by `bookJob` alone: a voucher never touches it. */
export function saveLane(ledger: Ledger, account: LaneAccount): void {
  const { voucher, signer, signature } = account.signed
  statementsOf(ledger).run(upsertLane, [
    account.payer.lane,
    signer,
    signature,
    voucher.cumulativeWei.toString(),
    voucher.sequence.toString(),
    voucher.units.toString(),
    voucher.receiptsRoot,
    account.pricePerSecondWei.toString(),
    Number(account.takenAtBlock),
  ])
}

// Written out rather than built: at every request that would be most of what these cost.
const voucherColumns = [
  ...['signer', 'signature', 'cumulative_wei', 'sequence', 'units', 'receipts_root'],
  ...['price_per_second_wei', 'taken_at_block'],
]
const upsertLane = `insert into payment_lane (lane, ${voucherColumns.join(', ')})
  values (?, ${voucherColumns.map(() => '?').join(', ')})
  on conflict (lane) do update set ${voucherColumns.map(column => `${column} = excluded.${column}`).join(', ')}`
const insertJob = `insert into payment_job (job_id, lane, used_milliseconds, booked_at) values (?, ?, ?, ?)
  on conflict do nothing`
const addUse = 'update payment_lane set used_milliseconds = used_milliseconds + ? where lane = ?'

/** Whether it was booked now; false: it was before. */
export function bookJob(ledger: Ledger, lane: string, job: FinishedJob, nowSeconds: number): boolean {
  const { jobId, usedMilliseconds } = job
  const statements = statementsOf(ledger)
  if (statements.run(insertJob, [jobId, lane, usedMilliseconds, nowSeconds]).changes !== 1) return false
  statements.run(addUse, [usedMilliseconds, lane])
  return true
}

export async function saveOutcome(
  ledger: Ledger,
  lane: string,
  outcome: { readonly redeemed_wei: string } | { readonly is_over: 1 },
): Promise<void> {
  await ledger.updateTable('payment_lane').set(outcome).where('lane', '=', lane).execute()
}

export async function forgetJobs(ledger: Ledger, bookedBeforeSeconds: number): Promise<void> {
  await ledger.deleteFrom('payment_job').where('booked_at', '<', bookedBeforeSeconds).execute()
}

/** All whose session is not over. */
export async function readLanes(database: Kysely<PaymentTables>): Promise<readonly LaneAccount[]> {
  const rows = await database.selectFrom('payment_lane').selectAll().where('is_over', '=', 0).execute()
  return rows.map(toAccount)
}

function toAccount(row: Selectable<PaymentTables['payment_lane']>): LaneAccount {
  const payer = payerOfLane(row.lane)
  if (payer === undefined) throw new Error(`The data file names the lane ${row.lane}`)
  return {
    payer,
    signed: {
      voucher: {
        sessionId: payer.sessionId,
        rightId: payer.rightId,
        cumulativeWei: BigInt(row.cumulative_wei),
        sequence: BigInt(row.sequence),
        units: BigInt(row.units),
        receiptsRoot: row.receipts_root as Hex,
      },
      signer: row.signer as Address,
      signature: row.signature as Hex,
    },
    pricePerSecondWei: BigInt(row.price_per_second_wei),
    takenAtBlock: BigInt(row.taken_at_block),
    usedMilliseconds: BigInt(row.used_milliseconds),
    redeemedWei: BigInt(row.redeemed_wei),
  }
}
