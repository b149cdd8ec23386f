// What the database keeps of tokens: settings that outlive the process, prices of two days, charges that follow the chain.

import { openDatabase } from '@worldland-aa/service/database/openDatabase'
import { accept } from '@worldland-aa/service/result'
import type { Address, Hash } from 'viem'
import { beforeEach, describe, expect, it } from 'vitest'
import type { TokenSettings } from '../../admin/tokens/schema.ts'
import { tokensPerCoin } from '../oracles/ratio.ts'
import { createPriceSamples } from './priceSamples.ts'
import { type TokenTables, tokenMigrations } from './tables.ts'
import { openTokenBook } from './tokenBook.ts'
import { createTokenCharges } from './tokenCharges.ts'

const token: Address = '0x4000000000000000000000000000000000000004'
const computeToken: Address = '0x5000000000000000000000000000000000000005'
const hash = (digit: string): Hash => `0x${digit.repeat(64)}`

let database: Awaited<ReturnType<typeof openDatabase<TokenTables>>>
beforeEach(async () => {
  database = await openDatabase<TokenTables>({ path: ':memory:', migrations: tokenMigrations })
})

describe('the book of charges', () => {
  const charge = (name: string, units: bigint, block: { number: bigint; hash: Hash }) => ({
    userOperationHash: hash(name),
    token,
    sender: token,
    charge: units,
    refund: 1n,
    block,
  })
  const [first, second] = [
    { number: 5n, hash: hash('5') },
    { number: 6n, hash: hash('6') },
  ]

  it('adds up to the unit, also beyond what a number counts', async () => {
    const charges = createTokenCharges(database)
    await charges.settle({
      removedBlocks: [],
      charges: [charge('a', 2n ** 120n, first), charge('b', 3n, second)],
    })
    expect(await charges.charged(token)).toEqual({ charge: 2n ** 120n + 3n, operations: 2 })
    expect(await charges.of(hash('b'))).toMatchObject({ charge: 3n, refund: 1n, block: second })
  })

  it('takes back what a reorg took back, counts nothing twice, and reads anew what was not final', async () => {
    const charges = createTokenCharges(database)
    await charges.settle({ removedBlocks: [], charges: [charge('a', 10n, first), charge('b', 20n, second)] })
    await charges.settle({ removedBlocks: [], charges: [charge('b', 20n, second)] })
    expect(await charges.charged(token)).toEqual({ charge: 30n, operations: 2 })
    const other = { number: 6n, hash: hash('7') }
    await charges.settle({ removedBlocks: [second.hash], charges: [charge('b', 21n, other)] })
    expect(await charges.charged(token)).toEqual({ charge: 31n, operations: 2 })
    await charges.settle({ removedBlocks: [], removedAbove: 5n, charges: [] })
    expect(await charges.charged(token)).toEqual({ charge: 10n, operations: 1 })
  })
})

describe('samples of prices', () => {
  it('are one for five minutes, and two days of them', async () => {
    const samples = createPriceSamples(database)
    for (let atSeconds = 0; atSeconds <= 3 * 86_400; atSeconds += 150) {
      await samples.add(token, { atSeconds, ratio: tokensPerCoin(BigInt(atSeconds + 1), 0, 6) })
    }
    const kept = await samples.since(token, 0)
    expect(kept).toHaveLength(2 * 288 + 1)
    expect(kept[0]?.atSeconds).toBe(86_400)
  })

  it('tell the price to compare with after a restart, unless that was long ago', async () => {
    const samples = createPriceSamples(database)
    const ratio = tokensPerCoin(25n, 1, 6)
    await samples.add(token, { atSeconds: 600, ratio })
    expect(await samples.newest(token, 86_400)).toEqual(ratio)
    expect(await samples.newest(token, 87_001)).toBeUndefined()
  })
})

describe('the book of tokens', () => {
  const settings: TokenSettings = {
    sources: [{ kind: 'chainlinkFeed', feed: token, quotes: 'tokenPerNative', maxAgeSeconds: 60 }],
    markupBps: 300,
    maxStepDeviationBps: 1_000,
    maxSourceDeviationBps: 200,
    refundGas: 20_000,
    enabled: true,
  }
  let reads = 0
  const open = () =>
    openTokenBook({
      database,
      computeToken,
      now: () => 7,
      async readToken() {
        reads++
        return accept({ name: 'Test', symbol: 'T', decimals: 6, slots: { balanceSlot: 3n } })
      },
    })

  it('is found again after a restart, and reads a token once', async () => {
    const book = await open()
    await book.save(token, settings)
    await book.save(token, { ...settings, enabled: false })
    expect(reads).toBe(1)
    const again = await open()
    expect(again.all()).toEqual(book.all())
    expect(again.find(token)).toMatchObject({
      decimals: 6,
      changedAtSeconds: 7,
      settings: { enabled: false },
    })
    expect(await again.remove(token)).toBe(true)
    expect((await open()).all()).toEqual([])
  })

  it('does not take the compute token, which has modes of its own', async () => {
    const saved = await (await open()).save(computeToken, settings)
    expect(saved).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('always taken, at par') },
    })
  })
})
