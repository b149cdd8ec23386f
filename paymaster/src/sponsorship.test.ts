// A decision that was read from the chain while a block came: it is read again, and not for ever.
import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { accept } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import { type Hash, numberToHex } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from './ledger/ledger.ts'
import { type LedgerSchema, ledgerMigrations } from './ledger/schema.ts'
import { type Brake, createBrake } from './operator/brake.ts'
import type { Decision } from './policy/policy.ts'
import { keyRingOf } from './signing/keyRing.ts'
import { createTermsHash } from './signing/termsHash.ts'
import { createSponsorship } from './sponsorship.ts'
import { type Chain, startChain } from './testing/startChain.ts'

const hash = (number: number): Hash => numberToHex(number, { size: 32 })

let chain: Chain
let database: Kysely<LedgerSchema>
let ledger: Ledger
/** Where the chain stands, as the ledger has been told. */
let head: number

beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  head = 0
  database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  ledger = createLedger(database)
  await comesBlock()
})
afterEach(async () => {
  await ledger.settled()
  await database.destroy()
})

async function comesBlock(): Promise<void> {
  head++
  await ledger.advance({
    head: { number: BigInt(head), hash: hash(head) },
    depositWei: 1_000_000n,
    landings: [],
    removedBlocks: [],
    final: undefined,
  })
}

/** Reads a tank in each decision; so often a block comes before the ledger is asked. */
function startSponsorship(blocksInBetween: number, whileDeciding?: (brake: Brake) => Promise<void>) {
  const readings: number[] = []
  const brake = createBrake(database)
  const paymasterGas = { paymasterVerificationGasLimit: 50_000n, paymasterPostOpGasLimit: 50_000n }
  const [signer] = keyRingOf({ signerKey: chain.signerKey, allowOpenKeyFiles: false }).signers()
  if (signer === undefined) throw new Error('the chain has a signer')
  const sponsorship = createSponsorship({
    hashOf: createTermsHash({ chainId: 103, entryPoint: chain.entryPoint }),
    paymaster: chain.paymaster,
    markupBps: 0,
    decider: {
      draft: async () => ({ ...accept({ mode: 'tank', paymasterGas } as const), outcomes: [] }),
      async decide() {
        readings.push(head)
        const tank = { id: 'tank', name: 'the tank', limitWei: 500n, holdWei: 100n, readAt: hash(head) }
        const decision: Decision = {
          mode: 'tank',
          paymasterGas,
          validitySeconds: 60,
          maxCostWei: 100n,
          maxChargeWei: 100n,
          budgets: [{ ...tank, consumes: 'nothing' }],
        }
        if (readings.length <= blocksInBetween) await comesBlock()
        await whileDeciding?.(brake)
        return { ...accept(decision), outcomes: [] }
      },
    },
    judgeSender: async () => accept(0n),
    ledger,
    signers: { take: () => signer, judge: () => undefined },
    brake,
    now: () => 1_000,
    onGrant: () => undefined,
    onRecordFailed: error => {
      throw error
    },
  })
  const operation = {
    sender: chain.owner.address,
    nonce: 0n,
    callData: '0x',
    callGasLimit: 1n,
    verificationGasLimit: 1n,
    preVerificationGas: 1n,
    maxFeePerGas: 1n,
    maxPriorityFeePerGas: 1n,
  } as const
  return {
    readings,
    grant: () => sponsorship.grant({ operation, payment: { by: 'tank' }, caller: '198.51.100.7' }),
  }
}

describe('a decision that was read from the chain', () => {
  it('is read again where a block came in between', async () => {
    const { readings, grant } = startSponsorship(1)
    expect(await grant()).toMatchObject({ ok: true })
    expect(readings).toEqual([1, 2])
    expect((await ledger.position())?.depositHeldWei).toBe(100n)
  })

  it('is read four times at the most: then the client is told to ask again, and nothing is held', async () => {
    const { readings, grant } = startSponsorship(9)
    expect(await grant()).toMatchObject({ ok: false, refusal: { data: { reason: 'chainMoved' } } })
    expect(readings).toEqual([1, 2, 3, 4])
    expect((await ledger.position())?.depositHeldWei).toBe(0n)
  })
})

describe('a node that answers from in between', () => {
  const nonsense = async (): Promise<void> => {
    throw new Error('header not found')
  }

  it('is asked once more, and what it says then counts', async () => {
    const answers = [nonsense, async () => undefined]
    const { readings, grant } = startSponsorship(0, async () => await answers.shift()?.())
    expect(await grant()).toMatchObject({ ok: true })
    expect(readings).toHaveLength(2)
  })

  it('is asked no third time', async () => {
    const { readings, grant } = startSponsorship(0, nonsense)
    await expect(grant()).rejects.toThrow('header not found')
    expect(readings).toHaveLength(2)
    expect((await ledger.position())?.depositHeldWei).toBe(0n)
  })
})

describe('the brake', () => {
  it.each([
    ['pause', (brake: Brake) => brake.pause(1_000), 'paused'],
    ['block', (brake: Brake) => brake.block(chain.owner.address.toLowerCase(), 1_000), 'blocked'],
  ] as const)('keeps back what was under way when the operator said %s', async (_, pull, reason) => {
    const { grant } = startSponsorship(0, pull)
    expect(await grant()).toMatchObject({ ok: false, refusal: { data: { reason } } })
    expect(await database.selectFrom('signature').selectAll().execute()).toEqual([])
  })
})
