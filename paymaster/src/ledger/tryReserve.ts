// What the ledger would answer to a reservation, by making it and taking it back: exact, and nothing of it stays.
import { accept, type Result } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import { type Reservation, reserveAll } from './reserve.ts'
import type { LedgerSchema } from './schema.ts'

export async function tryReserve(
  database: Kysely<LedgerSchema>,
  reservation: Reservation,
): Promise<Result<void>> {
  let answer: Result<unknown> | undefined
  try {
    await database.transaction().execute(async ledger => {
      answer = (await reserveAll(ledger, [reservation]))[0]
      throw takenBack
    })
  } catch (error) {
    if (error !== takenBack) throw error
  }
  if (answer === undefined) throw new Error('the ledger did not answer')
  return answer.ok ? accept(undefined) : answer
}

const takenBack = new Error('a trial is taken back')
