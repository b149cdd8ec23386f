// Rows that are let go of, and landings that are taken back after they were final: the sums stay right.
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { type Address, type Hash, numberToHex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Landing } from './advance.ts'
import type { Budget } from './budget.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { Retention } from './prune.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const day = 86_400
const address = (index: number): Address => numberToHex(index + 1, { size: 20 })
const hash = (index: number): Hash => numberToHex(index + 1, { size: 32 })

const until = (beforeSeconds: number): Retention => ({ beforeSeconds, unsentBeforeSeconds: beforeSeconds })

type Book = { readonly database: Kysely<LedgerSchema>; readonly ledger: Ledger }

async function openBook(): Promise<Book> {
  const database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  return { database, ledger: createLedger(database) }
}

function budgetsAt(nowSeconds: number, sender: Address, costWei: bigint): Budget[] {
  const today = new Date(nowSeconds * 1000).toISOString().slice(0, 10)
  const common = { name: 'a budget', holdWei: costWei } as const
  return [
    { ...common, id: `policy/demo/global/${today}`, consumes: 'cost', limitWei: 10n ** 9n },
    { ...common, id: 'policy/demo/global/total', consumes: 'cost' },
    { ...common, id: `deferred/${sender}/${today}`, consumes: 'loss' },
    { ...common, id: `open/${sender}`, consumes: 'nothing', limitOperations: 5 },
  ]
}

type Step = { sender: number; cost: number; lands: boolean; lost: boolean; gapDays: number; mode: number }

/** Signs, lands or not, and goes on in time; `afterEach` may let go of rows. */
async function live(
  { ledger }: Book,
  steps: readonly Step[],
  prune: (beforeSeconds: number) => Promise<unknown>,
): Promise<string[]> {
  const answers: string[] = []
  let now = 20_000 * day
  const head = { number: 0n, hash: hash(0) }
  await ledger.advance({ removedBlocks: [], landings: [], head, depositWei: 10n ** 9n })
  for (const [index, step] of steps.entries()) {
    const head = index + 1
    const sender = address(step.sender)
    const maxCostWei = BigInt(step.cost)
    const budgets = budgetsAt(now, sender, maxCostWei)
    const wish = { sender, nonce: BigInt(index), nextNonce: BigInt(index), maxCostWei, validUntil: now + 300 }
    const reserved = await ledger.reserve({ ...wish, budgets })
    answers.push(reserved.ok ? 'reserved' : reserved.refusal.message)
    const landings: Landing[] = []
    if (reserved.ok) {
      const userOperationHash = hash(1_000 + index)
      const budgetIds = budgets.map(({ id }) => id)
      const mode = step.mode === 0 ? 'tank' : 'sponsor'
      const policyId = numberToHex(step.mode, { size: 16 })
      await ledger.record({
        ...wish,
        userOperationHash,
        exposureId: reserved.value,
        mode,
        policyId,
        budgetIds,
      })
      const costWei = maxCostWei / 2n
      const block = { number: BigInt(head), hash: hash(head) }
      if (step.lands) {
        const lossWei = step.lost ? costWei : 0n
        const rest = { succeeded: true, transactionHash: hash(0), paidByUs: true }
        landings.push({ userOperationHash, sender, nonce: wish.nonce, costWei, lossWei, block, ...rest })
      }
    }
    now += step.gapDays * day + 10
    await ledger.advance({
      removedBlocks: [],
      landings,
      head: { number: BigInt(head), hash: hash(head) },
      depositWei: 10n ** 9n,
      // Each block is final with the next but one.
      final: { number: BigInt(head - 2), timestamp: BigInt(now) },
    })
    await prune(now - 2 * day)
  }
  return answers
}

async function sums({ ledger, database }: Book) {
  const total = await database
    .selectFrom('budget')
    .selectAll()
    .where('id', '=', 'policy/demo/global/total')
    .executeTakeFirst()
  const spend = [...(await ledger.spend())].sort((one, other) => (one.policyId < other.policyId ? -1 : 1))
  // A row of zeros says what none says.
  const counts = total !== undefined && (total.used_operations > 0 || total.held_operations > 0)
  return {
    total: counts ? total : undefined,
    spend,
    position: await ledger.position(),
    tanks: await ledger.tankSenders(),
  }
}

const step: fc.Arbitrary<Step> = fc.record({
  sender: fc.nat(3),
  cost: fc.integer({ min: 1, max: 1_000 }),
  lands: fc.boolean(),
  lost: fc.boolean(),
  gapDays: fc.integer({ min: 0, max: 3 }),
  mode: fc.nat(2),
})

describe('letting go of old rows', () => {
  it('changes no sum, no budget that still counts and no answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async steps => {
        const [kept, pruned] = [await openBook(), await openBook()]
        try {
          const answers = await live(kept, steps, async () => undefined)
          expect(await live(pruned, steps, before => pruned.ledger.prune(until(before)))).toEqual(answers)
          expect(await sums(pruned)).toEqual(await sums(kept))
          const landed = await kept.database
            .selectFrom('exposure')
            .selectAll()
            .where('state', '=', 'FINAL')
            .execute()
          const costWei = landed.reduce((sum, row) => sum + BigInt(row.actual_cost_wei ?? 0), 0n)
          const spentWei = (await pruned.ledger.spend()).reduce((sum, spend) => sum + spend.costWei, 0n)
          expect(spentWei).toBe(costWei)
        } finally {
          await kept.database.destroy()
          await pruned.database.destroy()
        }
      }),
      { numRuns: 20 },
    )
  })

  it('takes a bounded number of rows in a step, and in the end all that nothing needs', async () => {
    const book = await openBook()
    try {
      const steps = Array.from({ length: 450 }, (_, index): Step => {
        return { sender: index, cost: 10, lands: true, lost: false, gapDays: 0, mode: 1 }
      })
      await live(book, steps, async () => undefined)
      const end = 20_000 * day + 40 * day
      const head = { number: 1_000n, hash: hash(5_000) }
      await book.ledger.advance({
        removedBlocks: [],
        landings: [],
        head,
        depositWei: 10n ** 9n,
        final: { number: 990n, timestamp: BigInt(end) },
      })
      const taken: number[] = []
      for (let round = 0; round < 12; round++)
        taken.push((await book.ledger.prune(until(end - 2 * day))).exposures)
      expect(taken.slice(0, 4)).toEqual([200, 200, 50, 0])
      expect(await book.database.selectFrom('signature').selectAll().execute()).toEqual([])
      const budgets = await book.database.selectFrom('budget').select('id').execute()
      expect(budgets).toEqual([{ id: 'policy/demo/global/total' }])
    } finally {
      await book.database.destroy()
    }
  })
})

describe('a reorg deeper than finality', () => {
  let book: Book
  const sender = address(1)
  const budgetIds = ['policy/demo/global/total', 'open/x']
  const budgets = (holdWei: bigint): Budget[] => [
    { id: 'policy/demo/global/total', name: 'the budget', consumes: 'cost', limitWei: 150n, holdWei },
    { id: 'open/x', name: 'open', consumes: 'nothing', limitOperations: 4, holdWei },
  ]
  const landing = (block: number): Landing => ({
    userOperationHash: hash(77),
    sender,
    nonce: 0n,
    costWei: 60n,
    lossWei: 0n,
    paidByUs: true,
    succeeded: true,
    transactionHash: hash(0),
    block: { number: BigInt(block), hash: hash(block) },
  })

  beforeEach(async () => {
    book = await openBook()
    await advance(1, [])
    expect(await reserve(100n)).toMatchObject({ ok: true })
    const signed = { userOperationHash: hash(77), exposureId: 1, mode: 'sponsor', policyId: '0xaa' } as const
    await book.ledger.record({ ...signed, maxCostWei: 100n, validUntil: 5_000, budgetIds })
    await advance(2, [landing(2)])
    await advance(9, [])
    expect(await state()).toMatchObject({
      state: 'FINAL',
      usedWei: 60n,
      heldWei: 0n,
      spentWei: 60n,
      depositHeldWei: 0n,
    })
  })
  afterEach(() => book.database.destroy())

  async function reserve(maxCostWei: bigint, nextNonce?: bigint) {
    const wish = { sender, nonce: 0n, maxCostWei, validUntil: 5_000, budgets: budgets(maxCostWei) }
    return await book.ledger.reserve({ ...wish, ...(nextNonce === undefined ? {} : { nextNonce }) })
  }

  async function advance(head: number, landings: Landing[], removedBlocks: Hash[] = []): Promise<void> {
    await book.ledger.advance({
      removedBlocks,
      landings,
      head: { number: BigInt(head), hash: hash(head) },
      depositWei: 1_000n,
      final: { number: BigInt(head - 3), timestamp: BigInt(head * 10) },
    })
  }

  async function state() {
    const exposure = await book.database.selectFrom('exposure').selectAll().executeTakeFirstOrThrow()
    const budget = await book.database
      .selectFrom('budget')
      .selectAll()
      .where('id', '=', 'policy/demo/global/total')
      .executeTakeFirstOrThrow()
    const [spend] = await book.ledger.spend()
    return {
      state: exposure.state,
      usedWei: BigInt(budget.used_wei),
      heldWei: BigInt(budget.held_wei),
      spentWei: spend?.costWei,
      operations: spend?.operations,
      depositHeldWei: (await book.ledger.position())?.depositHeldWei,
    }
  }

  it('takes back what was booked, holds again what may land again, and books it once where it does', async () => {
    await advance(10, [], [hash(2)])
    const reservedAgain = {
      state: 'RESERVED',
      usedWei: 0n,
      heldWei: 100n,
      spentWei: 0n,
      depositHeldWei: 100n,
    }
    expect(await state()).toMatchObject({ ...reservedAgain, operations: 0 })
    await advance(11, [landing(11)])
    await advance(20, [])
    const bookedOnce = { state: 'FINAL', usedWei: 60n, heldWei: 0n, spentWei: 60n, depositHeldWei: 0n }
    expect(await state()).toMatchObject({ ...bookedOnce, operations: 1 })
  })

  it('is seen where only the landing in another block tells of it', async () => {
    await advance(11, [landing(11)])
    expect(await state()).toMatchObject({ state: 'INCLUDED', usedWei: 0n, spentWei: 0n })
    await advance(20, [])
    expect(await state()).toMatchObject({ state: 'FINAL', usedWei: 60n, spentWei: 60n, operations: 1 })
  })

  it('frees the lane: where the chain expects a nonce, it is signed for again, within the budgets', async () => {
    expect(await reserve(100n)).toMatchObject({ ok: false, refusal: { data: { reason: 'nonceUsed' } } })
    expect(await reserve(100n, 1n)).toMatchObject({ ok: false, refusal: { data: { reason: 'nonceUsed' } } })
    expect(await reserve(120n, 0n)).toMatchObject({ ok: true })
    // The greater of both signatures, for one of them can land; and not more than the budget of 150.
    expect(await state()).toMatchObject({
      state: 'RESERVED',
      usedWei: 0n,
      heldWei: 120n,
      depositHeldWei: 120n,
    })
    expect(await reserve(151n, 0n)).toMatchObject({
      ok: false,
      refusal: { data: { reason: 'budgetUsedUp' } },
    })
    await advance(600, [])
    expect(await state()).toMatchObject({ state: 'EXPIRED', usedWei: 0n, heldWei: 0n, depositHeldWei: 0n })
  })
})
