// What was charged in other ERC-20s before it was booked by the hour is in the hours afterwards, to the unit.
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { expect, it } from 'vitest'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'

const token = `0x${'ab'.repeat(20)}`

it('adds up to all that a token brought, with what is not final left out until it is', async () => {
  const { '062-token-hours': added, ...before } = ledgerMigrations
  const database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: before })
  try {
    const landed = [
      ['FINAL', '0x01', 7_300, '100'],
      ['FINAL', '0x02', 9_000, '20'],
      ['INCLUDED', '0x03', 9_100, '3'],
    ] as const
    for (const [state, hash, landed_at, charge] of landed) {
      await database
        .insertInto('exposure')
        .values({
          ...{ sender: hash, nonce: '0', state, reserved_wei: '7', valid_until: 9 },
          ...{ landed_user_operation_hash: hash, landed_at, actual_cost_wei: '5' },
        } as never)
        .execute()
      const block = { block_number: 1, block_hash: '0x09' }
      await database
        .insertInto('token_charge')
        .values({ ...{ user_operation_hash: hash, token, sender: hash, charge, refund: '0' }, ...block })
        .execute()
    }
    // Four more were charged 1000 together, of which no row is left.
    await database.insertInto('token_charge_sum').values({ token, charge: '1123', operations: 7 }).execute()
    await added?.up(database as never)
    expect(await database.selectFrom('token_hour').selectAll().orderBy('hour').execute()).toEqual([
      { hour: 0, token, units: '1000', cost_wei: '0', operations: 4 },
      { hour: 7_200, token, units: '120', cost_wei: '10', operations: 2 },
    ])
  } finally {
    await database.destroy()
  }
})
