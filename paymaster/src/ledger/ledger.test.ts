import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import type { Kysely } from 'kysely'
import { type Address, type Hash, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Landing } from './advance.ts'
import type { Budget } from './budget.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { Reservation } from './reserve.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const alice: Address = '0xA000000000000000000000000000000000000001'
const bob: Address = '0xB000000000000000000000000000000000000002'
const hash = (number: number): Hash => numberToHex(number, { size: 32 })
const block = (number: number) => ({ number: BigInt(number), hash: hash(number) })

let database: Kysely<LedgerSchema>
let ledger: Ledger

beforeEach(async () => {
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  ledger = createLedger(database)
  await advance(0, { depositWei: 1000n })
})
afterEach(() => database.destroy())

function advance(
  head: number,
  step: { depositWei?: bigint; landings?: Landing[]; removed?: number[]; final?: [number, number] } = {},
) {
  return ledger.advance({
    head: block(head),
    depositWei: step.depositWei ?? 1000n,
    landings: step.landings ?? [],
    removedBlocks: (step.removed ?? []).map(hash),
    final: step.final && { number: BigInt(step.final[0]), timestamp: BigInt(step.final[1]) },
  })
}

function budget(change: Partial<Budget> = {}): Budget {
  return { id: 'global', name: 'the budget', limitWei: 100n, consumes: 'cost', holdWei: 0n, ...change }
}

/** Reserves and records, as the service does; answers the reason of a refusal. */
async function sign(change: Partial<Reservation> & { as?: number; holds?: Budget[] } = {}) {
  const maxCostWei = change.maxCostWei ?? 60n
  const reservation: Reservation = {
    sender: alice,
    nonce: 0n,
    maxCostWei,
    validUntil: 500,
    ...change,
    budgets: (change.holds ?? [budget()]).map(each => ({ ...each, holdWei: maxCostWei })),
  }
  const reserved = await ledger.reserve(reservation)
  if (!reserved.ok) return (reserved.refusal.data as { reason: string }).reason
  await ledger.record({
    exposureId: reserved.value,
    userOperationHash: hash(change.as ?? 900),
    mode: 'sponsor',
    policyId: '0x00',
    maxCostWei,
    validUntil: reservation.validUntil,
    budgetIds: reservation.budgets.map(each => each.id),
  })
  return 'signed'
}

function landing(change: Partial<Landing> & { at?: number; as?: number } = {}): Landing {
  return {
    userOperationHash: hash(change.as ?? 900),
    sender: alice,
    nonce: 0n,
    costWei: 20n,
    lossWei: 0n,
    paidByUs: true,
    succeeded: true,
    transactionHash: hash(7),
    block: block(change.at ?? 1),
    ...change,
  }
}

describe('reserving', () => {
  it('refuses what a budget or the deposit no longer covers, and says how much is left', async () => {
    expect(await sign()).toBe('signed')
    const refused = await ledger.reserve({
      sender: bob,
      nonce: 0n,
      maxCostWei: 41n,
      validUntil: 500,
      budgets: [budget({ holdWei: 41n })],
    })
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: -32501, data: { reason: 'budgetUsedUp', budget: 'global', freeWei: '40' } },
    })
    expect(await sign({ sender: bob, maxCostWei: 40n })).toBe('signed')
    expect(await sign({ sender: bob, nonce: 1n, maxCostWei: 901n, holds: [] })).toBe('depositUsedUp')
  })

  it('takes everything or nothing', async () => {
    const holds = [budget({ id: 'roomy', limitWei: 1000n }), budget({ id: 'tight', limitWei: 10n })]
    expect(await sign({ holds })).toBe('budgetUsedUp')
    expect(await database.selectFrom('exposure').selectAll().execute()).toEqual([])
    expect(await database.selectFrom('hold').selectAll().execute()).toEqual([])
    expect((await ledger.position())?.depositHeldWei).toBe(0n)
  })

  it('holds the most, not the sum, of what is signed for one nonce', async () => {
    expect(await sign({ maxCostWei: 60n })).toBe('signed')
    expect(await sign({ maxCostWei: 100n, as: 901 })).toBe('signed')
    expect(await sign({ maxCostWei: 10n, as: 902 })).toBe('signed')
    expect((await ledger.position())?.depositHeldWei).toBe(100n)
    expect(await sign({ maxCostWei: 101n })).toBe('budgetUsedUp')
  })

  it('counts operations as well as wei, once per nonce', async () => {
    const holds = [budget({ limitWei: 1000n, limitOperations: 1 })]
    expect(await sign({ holds })).toBe('signed')
    expect(await sign({ holds, as: 901 })).toBe('signed')
    expect(await sign({ holds, nonce: 1n })).toBe('budgetUsedUp')
  })

  it('never gives out more than there is to callers who ask at once', async () => {
    const asked = Array.from({ length: 20 }, (_, nonce) =>
      sign({ nonce: BigInt(nonce), as: nonce, maxCostWei: 30n }),
    )
    const answers = await Promise.all(asked)
    expect(answers.filter(answer => answer === 'signed')).toHaveLength(3)
  })
})

describe('settling', () => {
  it('books the actual cost and gives the rest back once the landing is final, not before', async () => {
    await sign({ maxCostWei: 100n })
    await advance(1, { depositWei: 980n, landings: [landing()] })
    expect(await sign({ sender: bob, maxCostWei: 1n })).toBe('budgetUsedUp')
    await advance(4, { depositWei: 980n, final: [1, 40] })
    expect(await sign({ sender: bob, maxCostWei: 81n })).toBe('budgetUsedUp')
    expect(await sign({ sender: bob, maxCostWei: 80n })).toBe('signed')
  })

  it('books a failed operation too: its gas was paid', async () => {
    await sign()
    await advance(1, { landings: [landing({ succeeded: false, costWei: 50n })], final: [1, 40] })
    expect(await sign({ nonce: 1n, maxCostWei: 51n })).toBe('budgetUsedUp')
  })

  it('reserves again in full what a reorg takes back, and lets it land again', async () => {
    await sign({ maxCostWei: 100n })
    await advance(1, { depositWei: 980n, landings: [landing()] })
    await advance(1, { removed: [1] })
    expect((await ledger.position())?.depositHeldWei).toBe(100n)
    await advance(2, { depositWei: 970n, landings: [landing({ at: 2, costWei: 30n })], final: [2, 40] })
    expect(await sign({ sender: bob, maxCostWei: 70n })).toBe('signed')
  })

  it('never spends deposit that a reorg would claim back', async () => {
    await sign({ maxCostWei: 600n, holds: [] })
    await advance(1, { depositWei: 990n, landings: [landing({ costWei: 10n })] })
    expect(await sign({ sender: bob, maxCostWei: 401n, holds: [] })).toBe('depositUsedUp')
    expect(await sign({ sender: bob, maxCostWei: 400n, holds: [] })).toBe('signed')
  })

  it('takes the same landing twice without booking it twice', async () => {
    await sign({ maxCostWei: 100n })
    await advance(1, { depositWei: 980n, landings: [landing(), landing()] })
    expect((await ledger.position())?.depositHeldWei).toBe(80n)
    await advance(2, { depositWei: 980n, landings: [landing()], final: [1, 40] })
    await advance(3, { depositWei: 980n, landings: [landing()], final: [2, 50] })
    const [global] = await database.selectFrom('budget').selectAll().execute()
    expect(global).toMatchObject({ held_wei: '0', used_wei: '20', used_operations: 1 })
  })

  it('books on the budgets of the signature that landed, not of the others for that nonce', async () => {
    await sign({ as: 901, holds: [budget({ id: 'one' })] })
    await sign({ as: 902, holds: [budget({ id: 'two' })] })
    await advance(1, { landings: [landing({ as: 902 })], final: [1, 40] })
    const budgets = await database.selectFrom('budget').select(['id', 'held_wei', 'used_wei']).execute()
    expect(budgets).toEqual([
      { id: 'one', held_wei: '0', used_wei: '0' },
      { id: 'two', held_wei: '0', used_wei: '20' },
    ])
  })

  it('charges a risk budget with what was lost, and an open-only budget with nothing', async () => {
    const holds = [budget({ id: 'risk', consumes: 'loss' }), budget({ id: 'open', consumes: 'nothing' })]
    await sign({ holds })
    await advance(1, { landings: [landing({ costWei: 20n, lossWei: 15n })], final: [1, 40] })
    const budgets = await database.selectFrom('budget').select(['id', 'held_wei', 'used_wei']).execute()
    expect(budgets).toEqual([
      { id: 'open', held_wei: '0', used_wei: '0' },
      { id: 'risk', held_wei: '0', used_wei: '15' },
    ])
  })

  it('reports a landing that it knows nothing of', async () => {
    const report = await advance(1, { landings: [landing({ sender: bob })] })
    expect(report.unknown).toHaveLength(1)
    expect(report.included).toBe(0)
  })

  it('refuses a nonce that has landed', async () => {
    await sign()
    await advance(1, { landings: [landing()] })
    expect(await sign({ as: 901 })).toBe('nonceUsed')
    await advance(5, { final: [1, 40] })
    expect(await sign({ as: 901 })).toBe('nonceUsed')
  })
})

describe('a bound on what has not landed', () => {
  const unsent = (change: Partial<Budget> = {}) =>
    budget({ id: 'unsent', consumes: 'nothing', unsentOnly: true, ...change })

  it('counts what is signed for, and no more once it is in a block', async () => {
    const holds = [unsent()]
    expect(await sign({ holds })).toBe('signed')
    expect(await sign({ sender: bob, as: 901, holds })).toBe('budgetUsedUp')
    await advance(1, { landings: [landing()] })
    expect(await sign({ sender: bob, as: 901, holds })).toBe('signed')
    expect(await sign({ sender: bob, nonce: 1n, as: 902, holds })).toBe('budgetUsedUp')
  })

  it('counts again what a reorg takes back', async () => {
    const holds = [unsent()]
    await sign({ holds })
    await advance(1, { landings: [landing()] })
    await advance(2, { removed: [1] })
    expect(await sign({ sender: bob, as: 901, holds })).toBe('budgetUsedUp')
  })

  it('counts operations as well as wei', async () => {
    const holds = [unsent({ limitWei: 1000n, limitOperations: 1 })]
    await sign({ holds })
    expect(await sign({ sender: bob, as: 901, holds })).toBe('budgetUsedUp')
    await advance(1, { landings: [landing()] })
    expect(await sign({ sender: bob, as: 901, holds })).toBe('signed')
  })

  it('moves with the deposit where it is a share of it', async () => {
    const { limitWei: _, ...share } = unsent({ limitDepositPercent: 10 })
    expect(await sign({ maxCostWei: 101n, holds: [share] })).toBe('budgetUsedUp')
    expect(await sign({ maxCostWei: 100n, holds: [share] })).toBe('signed')
    await advance(1, { depositWei: 2000n })
    expect(await sign({ sender: bob, as: 901, maxCostWei: 100n, holds: [share] })).toBe('signed')
  })

  it('lets one operation in, whatever the limit, where that is asked for', async () => {
    const holds = [unsent({ limitWei: 1n, admitsOne: true })]
    expect(await sign({ holds })).toBe('signed')
    expect(await sign({ sender: bob, as: 901, holds })).toBe('budgetUsedUp')
    expect(await sign({ sender: bob, as: 901, holds: [unsent({ limitWei: 1n, id: 'strict' })] })).toBe(
      'budgetUsedUp',
    )
  })

  it('lets that one be signed for anew, as with higher fees', async () => {
    const holds = [unsent({ limitWei: 1n, admitsOne: true })]
    expect(await sign({ holds, maxCostWei: 60n })).toBe('signed')
    expect(await sign({ holds, maxCostWei: 66n, as: 901 })).toBe('signed')
    expect(await sign({ holds, maxCostWei: 60n, nonce: 1n, as: 902 })).toBe('budgetUsedUp')
  })

  it('keeps the deposit held all the same, until nothing can land any more', async () => {
    await sign({ holds: [unsent()] })
    await advance(5, { final: [1, 500] })
    expect((await ledger.position())?.depositHeldWei).toBe(60n)
    await advance(6, { final: [2, 501] })
    expect((await ledger.position())?.depositHeldWei).toBe(0n)
  })
})

describe('a ledger of an earlier version', () => {
  it('knows after its migration what is in a block', async () => {
    const { '005-landed-holds': added, ...before } = ledgerMigrations
    const old = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: before })
    try {
      for (const [id, state] of [
        [1, 'INCLUDED'],
        [2, 'RESERVED'],
        [3, 'INCLUDED'],
      ] as const) {
        const row = { id, sender: `0x${id}`, nonce: '0', state, reserved_wei: '7', valid_until: 9 }
        await old
          .insertInto('exposure')
          .values(row as never)
          .execute()
      }
      const empty = {
        consumes: 'cost',
        held_wei: '15',
        held_operations: 3,
        used_wei: '0',
        used_operations: 0,
      }
      await old
        .insertInto('budget')
        .values({ id: 'global', ...empty } as never)
        .execute()
      for (const [exposure_id, wei] of [
        [1, '7'],
        [2, '5'],
        [3, '3'],
      ] as const) {
        await old
          .insertInto('hold')
          .values({ exposure_id, budget_id: 'global', wei, operations: 1 })
          .execute()
      }
      await added?.up(old as never)
      const counters = await old.selectFrom('budget').selectAll().executeTakeFirstOrThrow()
      expect(counters).toMatchObject({ held_wei: '15', landed_wei: '10', landed_operations: 2 })
    } finally {
      await old.destroy()
    }
  })
})

describe('a limit that is read from the chain', () => {
  const tank = (limitWei: bigint, readAt: number) =>
    budget({ id: 'tank', limitWei, readAt: hash(readAt), consumes: 'nothing' })

  it('is held against the landings of the block it was read at, and of no other', async () => {
    expect(await sign({ maxCostWei: 60n, holds: [tank(100n, 0)] })).toBe('signed')
    await advance(1, { landings: [landing()] })
    // Read before the landing, asked for after it: the landed 60 would be spent twice.
    const second = { sender: bob, maxCostWei: 60n }
    expect(await sign({ ...second, holds: [tank(100n, 0)] })).toBe('chainMoved')
    expect(await sign({ ...second, holds: [tank(40n, 1)] })).toBe('budgetUsedUp')
    expect((await ledger.position())?.depositHeldWei).toBe(60n - landing().costWei)
    expect(await sign({ ...second, maxCostWei: 40n, holds: [tank(40n, 1)] })).toBe('signed')
  })

  it('holds again what a reorg takes back', async () => {
    await sign({ maxCostWei: 60n, holds: [tank(100n, 0)] })
    await advance(1, { landings: [landing({ at: 1 })] })
    await advance(2, { removed: [1] })
    expect(await sign({ sender: bob, maxCostWei: 41n, holds: [tank(100n, 2)] })).toBe('budgetUsedUp')
    expect(await sign({ sender: bob, maxCostWei: 40n, holds: [tank(100n, 2)] })).toBe('signed')
  })
})

describe('releasing', () => {
  it('waits until a final block is later than the last second of validity', async () => {
    await sign({ maxCostWei: 100n, validUntil: 500 })
    await advance(9, { final: [5, 500] })
    expect(await sign({ sender: bob, maxCostWei: 1n })).toBe('budgetUsedUp')
    await advance(10, { final: [6, 501] })
    expect(await sign({ sender: bob, maxCostWei: 100n })).toBe('signed')
  })

  it('goes by the latest validity of all that was signed', async () => {
    await sign({ maxCostWei: 100n, validUntil: 500 })
    await sign({ maxCostWei: 1n, validUntil: 400, as: 901 })
    await advance(9, { final: [5, 499] })
    expect(await sign({ sender: bob, maxCostWei: 1n })).toBe('budgetUsedUp')
  })

  it('frees what was held when another operation used the nonce, once that is final', async () => {
    await sign({ maxCostWei: 100n })
    await advance(1, { landings: [landing({ paidByUs: false, costWei: 0n, as: 5 })] })
    expect(await sign({ sender: bob, maxCostWei: 1n })).toBe('budgetUsedUp')
    await advance(4, { final: [1, 40] })
    expect(await sign({ sender: bob, maxCostWei: 100n })).toBe('signed')
    expect((await ledger.position())?.depositHeldWei).toBe(100n)
  })

  it('reserves afresh for a nonce whose time ran out', async () => {
    await sign({ maxCostWei: 100n })
    await advance(9, { final: [5, 501] })
    expect(await sign({ maxCostWei: 50n, validUntil: 900 })).toBe('signed')
    expect((await ledger.position())?.depositHeldWei).toBe(50n)
  })
})

describe('restarting', () => {
  it('takes landings above the block it returns to for undone until they are seen again', async () => {
    await sign({ maxCostWei: 100n })
    await advance(3, { depositWei: 980n, landings: [landing({ at: 3 })] })
    await ledger.rewind(block(2))
    expect(await ledger.position()).toMatchObject({ block: block(2), depositHeldWei: 100n })
    await advance(3, { depositWei: 980n, landings: [landing({ at: 3 })] })
    expect((await ledger.position())?.depositHeldWei).toBe(80n)
  })

  it('knows again which chain and paymaster it is about', async () => {
    const mine = { chainId: 103, genesisHash: hash(1), entryPoint: alice, paymaster: bob }
    const known = { ...mine, entryPoint: alice.toLowerCase(), paymaster: bob.toLowerCase() }
    expect(await ledger.identify(mine)).toEqual(known)
    expect(await ledger.identify({ ...mine, genesisHash: hash(2) })).toEqual(known)
  })
})
