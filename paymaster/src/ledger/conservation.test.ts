// A model of a chain plays any order of requests, blocks, reorgs and restarts against the ledger, and
// after every step asks: if from here on everything that can land lands at its dearest, does it fit?
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import fc from 'fast-check'
import type { Kysely } from 'kysely'
import { type Address, type Hash, numberToHex } from 'viem'
import { expect, it } from 'vitest'
import { toBytes } from '../decisions/bytes.ts'
import type { DecisionRow } from '../decisions/decisionRow.ts'
import { writeDecisions } from '../decisions/writeDecisions.ts'
import { expectExplorerToAgree } from '../testing/explorerTruth.ts'
import type { Landing } from './advance.ts'
import type { Budget } from './budget.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type LedgerSchema, ledgerMigrations } from './schema.ts'

const finalityBlocks = 3
const initialDepositWei = 120n
const budgets = [
  { id: 'cost', consumes: 'cost', limitWei: 90n },
  { id: 'operations', consumes: 'cost', limitWei: 1000n, limitOperations: 3 },
  { id: 'loss', consumes: 'loss', limitWei: 50n },
  { id: 'open', consumes: 'nothing', limitWei: 45n },
] as const
/** Bounds on what has not landed: not on what can land, so held against each reservation. */
const unsentBudgets = [
  { id: 'unsent', consumes: 'nothing', limitWei: 40n, unsentOnly: true },
  { id: 'share', consumes: 'nothing', limitDepositPercent: 50, unsentOnly: true },
] as const
const allBudgets = [...budgets, ...unsentBudgets]
const address = (index: number): Address => numberToHex(index + 1, { size: 20 })
const hash = (index: number): Hash => numberToHex(index + 1, { size: 32 })

type Signed = {
  userOperationHash: Hash
  sender: Address
  nonce: bigint
  maxCostWei: bigint
  validUntil: number
  budgetIds: readonly string[]
}
type ModelBlock = { number: number; hash: Hash; timestamp: number; landings: Landing[] }
type Pick = { signature: number; costPercent: number; lost: boolean; foreign: boolean }
type Command =
  | { kind: 'sign'; sender: number; nonce: number; cost: number; validity: number; budgets: number[] }
  | { kind: 'mine'; gap: number; picks: Pick[] }
  | { kind: 'reorg'; depth: number; gap: number; picks: Pick[] }
  | { kind: 'restart' }

class Model {
  readonly blocks: ModelBlock[] = [{ number: 0, hash: hash(0), timestamp: 1000, landings: [] }]
  readonly signed: Signed[] = []
  hashes = 1
  readonly ledger: Ledger
  readonly database: Kysely<LedgerSchema>

  constructor(database: Kysely<LedgerSchema>) {
    this.database = database
    this.ledger = createLedger(database)
  }

  get head(): ModelBlock {
    return this.blocks[this.blocks.length - 1] as ModelBlock
  }

  get final(): ModelBlock | undefined {
    return this.blocks[this.head.number - finalityBlocks]
  }

  landed(blocks = this.blocks): Landing[] {
    return blocks.flatMap(block => block.landings)
  }

  depositWei(): bigint {
    return this.landed().reduce((rest, landing) => rest - landing.costWei, initialDepositWei)
  }

  async tell(removed: ModelBlock[], added: ModelBlock[]): Promise<void> {
    const { final } = this
    await this.ledger.advance({
      removedBlocks: removed.map(block => block.hash),
      landings: this.landed(added),
      head: { number: BigInt(this.head.number), hash: this.head.hash },
      depositWei: this.depositWei(),
      final: final && { number: BigInt(final.number), timestamp: BigInt(final.timestamp) },
    })
  }

  append(gap: number, picks: readonly Pick[]): ModelBlock {
    const block: ModelBlock = {
      number: this.head.number + 1,
      hash: hash(this.hashes++),
      timestamp: this.head.timestamp + gap,
      landings: [],
    }
    this.blocks.push(block)
    for (const pick of picks) {
      const signature = this.signed[pick.signature % Math.max(this.signed.length, 1)]
      if (signature === undefined || signature.validUntil < block.timestamp) continue
      const used = this.landed().some(
        landing => landing.sender === signature.sender && landing.nonce === signature.nonce,
      )
      if (used) continue
      const costWei = pick.foreign ? 0n : (signature.maxCostWei * BigInt(pick.costPercent)) / 100n
      block.landings.push({
        userOperationHash: pick.foreign ? hash(1_000_000 + this.hashes++) : signature.userOperationHash,
        sender: signature.sender,
        nonce: signature.nonce,
        costWei,
        lossWei: pick.lost ? costWei : 0n,
        paidByUs: !pick.foreign,
        succeeded: true,
        transactionHash: hash(0),
        block: { number: BigInt(block.number), hash: block.hash },
        // Some blocks an hour.
        atSeconds: block.timestamp * 500,
        charge: { wei: costWei, isPaid: !pick.lost },
      })
    }
    return block
  }

  async run(command: Command): Promise<void> {
    if (command.kind === 'sign') await this.sign(command)
    else if (command.kind === 'mine') await this.tell([], [this.append(command.gap, command.picks)])
    else if (command.kind === 'reorg') {
      const depth = Math.min(command.depth, this.blocks.length - 1)
      const removed = this.blocks.splice(this.blocks.length - depth, depth).reverse()
      const added = [this.append(command.gap, command.picks)]
      while (added.length <= depth) added.push(this.append(1, []))
      await this.tell(removed, added)
    } else {
      const { final = this.blocks[0] as ModelBlock } = this
      await this.ledger.rewind({ number: BigInt(final.number), hash: final.hash })
      await this.tell([], this.blocks.slice(final.number + 1))
    }
  }

  async sign(command: Extract<Command, { kind: 'sign' }>): Promise<void> {
    const maxCostWei = BigInt(command.cost)
    const chosen: Budget[] = allBudgets
      .filter((_, index) => command.budgets.includes(index))
      .map(budget => ({ ...budget, name: budget.id, holdWei: maxCostWei }))
    const signature: Signed = {
      userOperationHash: hash(2_000_000 + this.hashes++),
      sender: address(command.sender),
      nonce: BigInt(command.nonce),
      maxCostWei,
      validUntil: this.head.timestamp + command.validity,
      budgetIds: chosen.map(budget => budget.id),
    }
    const unsentBefore = await this.unsentWei()
    const reserved = await this.ledger.reserve({ ...signature, budgets: chosen })
    if (!reserved.ok) return
    await this.checkUnsent(chosen, unsentBefore)
    await this.ledger.record({ ...signature, exposureId: reserved.value, mode: 'sponsor', policyId: '0x' })
    this.signed.push(signature)
    // Of some the decision is lost, as by a kill before it was on the disk.
    if (command.cost % 4 !== 0) await this.decide(signature, reserved.value)
  }

  async decide({ userOperationHash, sender, nonce, maxCostWei }: Signed, exposureId: number): Promise<void> {
    const row: DecisionRow = {
      facet: {
        outcome: 'granted',
        state: 'reserved',
        mode: 'sponsor',
        policyId: '',
        reason: '',
        apiKeyId: '',
      },
      ...{ policyName: undefined, policyVersion: null, caller: 'somebody', exposureId },
      sender: toBytes(sender),
      nonce: String(nonce),
      userOperationHash: toBytes(userOperationHash),
      maxCostWei: String(maxCostWei),
      detail: {
        ...{ sentence: '', rules: '[]', calls: '[]', more_calls: 0, valid_until: null, operation: null },
        ...{ call_data: null, factory_data: null, signature: null, operation_note: null },
      },
    }
    const at = this.head.timestamp
    const added = [{ row, atSeconds: at, lastAtSeconds: at, times: 1 }]
    await this.ledger.writeLater(transaction =>
      writeDecisions(transaction, { added, counted: [] }, { most: 1_000, atOnce: 1 }),
    )
  }

  /** By budget, what holds it and is in no block, recomputed from the rows. */
  async unsentWei(): Promise<ReadonlyMap<string, bigint>> {
    const holds = await this.database
      .selectFrom('hold')
      .innerJoin('exposure', 'exposure.id', 'hold.exposure_id')
      .select(['hold.budget_id', 'hold.wei'])
      .where('exposure.state', '=', 'RESERVED')
      .execute()
    const sums = new Map<string, bigint>()
    for (const { budget_id, wei } of holds) sums.set(budget_id, (sums.get(budget_id) ?? 0n) + BigInt(wei))
    return sums
  }

  /** What a reorg took back may be above a bound: then nothing is added to it. */
  async checkUnsent(chosen: readonly Budget[], before: ReadonlyMap<string, bigint>): Promise<void> {
    const sums = await this.unsentWei()
    for (const { id, unsentOnly, limitWei = this.depositWei() / 2n } of chosen) {
      const [was, is] = [before.get(id) ?? 0n, sums.get(id) ?? 0n]
      if (unsentOnly && is > was) expect(is).toBeLessThanOrEqual(limitWei)
    }
  }

  /** What can still land, on this branch or on one that replaces its blocks that are not final. */
  openSignatures(): Signed[] {
    const finalBlocks = this.final === undefined ? [] : this.blocks.slice(0, this.final.number + 1)
    const closed = new Set(this.landed(finalBlocks).map(({ sender, nonce }) => `${sender} ${nonce}`))
    const earliest = this.final?.timestamp ?? 0
    return this.signed.filter(
      ({ sender, nonce, validUntil }) => !closed.has(`${sender} ${nonce}`) && validUntil >= earliest,
    )
  }

  /** The dearest outcome for what draws on a budget (or, without one, on the deposit). */
  worstCase(budget?: (typeof budgets)[number]): { wei: bigint; operations: number } {
    const finalBlocks = this.final === undefined ? [] : this.blocks.slice(0, this.final.number + 1)
    const bySignature = new Map(this.signed.map(signature => [signature.userOperationHash, signature]))
    let wei = 0n
    let operations = 0
    for (const landing of this.landed(finalBlocks)) {
      const drawn = bySignature.get(landing.userOperationHash)?.budgetIds.includes(budget?.id ?? '')
      if (!landing.paidByUs || (budget !== undefined && (!drawn || budget.consumes === 'nothing'))) continue
      wei += budget?.consumes === 'loss' ? landing.lossWei : landing.costWei
      operations++
    }
    const dearest = new Map<string, bigint>()
    for (const { sender, nonce, maxCostWei, budgetIds } of this.openSignatures()) {
      if (budget !== undefined && !budgetIds.includes(budget.id)) continue
      const key = `${sender} ${nonce}`
      const known = dearest.get(key) ?? 0n
      dearest.set(key, known > maxCostWei ? known : maxCostWei)
    }
    for (const cost of dearest.values()) wei += cost
    return { wei, operations: operations + dearest.size }
  }

  async check(): Promise<void> {
    expect(this.worstCase().wei).toBeLessThanOrEqual(initialDepositWei)
    for (const budget of budgets) {
      const worst = this.worstCase(budget)
      expect(worst.wei).toBeLessThanOrEqual(budget.limitWei)
      if ('limitOperations' in budget) expect(worst.operations).toBeLessThanOrEqual(budget.limitOperations)
    }
    await this.checkCounters()
    await expectExplorerToAgree(this.database)
  }

  /** The counters are sums: recomputed from the rows they stand for, they are the same. */
  async checkCounters(): Promise<void> {
    const exposures = await this.database.selectFrom('exposure').selectAll().execute()
    let depositHeldWei = 0n
    for (const { state, reserved_wei, actual_cost_wei } of exposures) {
      if (state === 'RESERVED') depositHeldWei += BigInt(reserved_wei)
      if (state === 'INCLUDED') depositHeldWei += BigInt(reserved_wei) - BigInt(actual_cost_wei ?? 0)
    }
    expect((await this.ledger.position())?.depositHeldWei).toBe(depositHeldWei)
    for (const row of await this.database.selectFrom('budget').selectAll().execute()) {
      const holds = await this.database
        .selectFrom('hold')
        .selectAll()
        .where('budget_id', '=', row.id)
        .execute()
      expect(BigInt(row.held_wei)).toBe(holds.reduce((sum, hold) => sum + BigInt(hold.wei), 0n))
      expect(row.held_operations).toBe(holds.length)
      const landed = new Set(exposures.filter(({ state }) => state === 'INCLUDED').map(({ id }) => id))
      const inBlocks = holds.filter(hold => landed.has(hold.exposure_id))
      expect(BigInt(row.landed_wei)).toBe(inBlocks.reduce((sum, hold) => sum + BigInt(hold.wei), 0n))
      expect(row.landed_operations).toBe(inBlocks.length)
    }
  }
}

const pick: fc.Arbitrary<Pick> = fc.record({
  signature: fc.nat(50),
  costPercent: fc.integer({ min: 0, max: 100 }),
  lost: fc.boolean(),
  foreign: fc.boolean(),
})
const gap = fc.integer({ min: 1, max: 20 })
const sign: fc.Arbitrary<Command> = fc.record({
  kind: fc.constant('sign' as const),
  sender: fc.nat(2),
  nonce: fc.nat(2),
  cost: fc.integer({ min: 1, max: 50 }),
  validity: fc.integer({ min: 0, max: 60 }),
  budgets: fc.subarray([0, 1, 2, 3, 4, 5]),
})
const picks = fc.array(pick, { maxLength: 4 })
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 5, arbitrary: sign },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('mine' as const), gap, picks }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reorg' as const),
      depth: fc.integer({ min: 1, max: finalityBlocks }),
      gap,
      picks,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
)

it('never promises more than there is, whatever the order of requests, blocks, reorgs and restarts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async commands => {
      const database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
      try {
        const model = new Model(database)
        await model.tell([], [])
        for (const each of commands) {
          await model.run(each)
          await model.check()
        }
      } finally {
        await database.destroy()
      }
    }),
    { numRuns: 60 },
  )
})

it('gives everything back in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30 }), async commands => {
      const database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
      try {
        const model = new Model(database)
        await model.tell([], [])
        for (const each of commands) await model.run(each)
        await model.run({ kind: 'mine', gap: 1000, picks: [] })
        for (let block = 0; block < finalityBlocks; block++) {
          await model.run({ kind: 'mine', gap: 1, picks: [] })
        }
        expect((await model.ledger.position())?.depositHeldWei).toBe(0n)
        expect(await database.selectFrom('hold').selectAll().execute()).toEqual([])
        const paid = model.landed().filter(landing => landing.paidByUs).length
        const final = await database.selectFrom('exposure').selectAll().where('state', '=', 'FINAL').execute()
        expect(final).toHaveLength(paid)
      } finally {
        await database.destroy()
      }
    }),
    { numRuns: 25 },
  )
})
