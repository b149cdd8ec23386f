import { type Kysely, openDatabase } from '@worldland-aa/service/database/openDatabase'
import { accept, refuse } from '@worldland-aa/service/result'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadOverview } from '../admin/overview/readOverview.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type LedgerSchema, ledgerMigrations } from '../ledger/schema.ts'
import { createDeliveryStore } from '../webhooks/deliveryStore.ts'
import { createEndpointBook } from '../webhooks/endpointBook.ts'
import { createOutbox } from '../webhooks/outbox.ts'
import { depositLow } from './rules/depositLow.ts'
import { priceStale } from './rules/priceStale.ts'
import { runwayShort } from './rules/runwayShort.ts'
import { signerRevoked } from './rules/signerRevoked.ts'
import { unpaidCharge } from './rules/unpaidCharge.ts'
import { webhookGivenUp } from './rules/webhookGivenUp.ts'

const seconds = 1_800_000_000
const ether = 10n ** 18n

const overview = (part: object): ReadOverview => (async () => part) as unknown as ReadOverview

describe('what an alert measures', () => {
  it('of the runway: the days that the free deposit lasts, where anything is burnt at all', async () => {
    const runway = { days: 3.25, freeWei: String(13n * ether), burnedInLastDayWei: String(4n * ether) }
    expect(await runwayShort(overview({ runway })).measure()).toMatchObject([
      { subject: null, value: '3.3', state: '13 of the deposit are free, and 4 a day are spent for good.' },
    ])
    expect(await runwayShort(overview({ runway: { ...runway, days: null } })).measure()).toEqual([])
  })

  it('of the deposit: what no operation under way holds, and nothing where more is held than there is', async () => {
    const position = { depositWei: 5n * ether, depositHeldWei: 2n * ether }
    const measure = async (part: object) => {
      const ledger = { position: async () => ({ ...position, ...part }) } as unknown as Pick<
        Ledger,
        'position'
      >
      return await depositLow({ ledger, depositMinimumWei: 4n * ether }).measure()
    }
    expect(await measure({})).toMatchObject([
      {
        value: String(3n * ether),
        state: 'Of 5 in the EntryPoint 2 are held for operations under way.',
      },
    ])
    expect(await measure({ depositHeldWei: 6n * ether })).toMatchObject([{ value: '0' }])
    const { defaults } = depositLow({
      ledger: { position: async () => undefined },
      depositMinimumWei: 4n * ether,
    })
    expect(defaults).toEqual({ openAt: String(2n * ether), closeAt: String(4n * ether) })
  })

  it('of unpaid charges: every wei that final operations owe', async () => {
    const owed = overview({ totals: { unpaidChargeWei: '1500000000000000001' } })
    expect(await unpaidCharge(owed).measure()).toMatchObject([
      { value: '1500000000000000001', title: 'Charges of 1.500000000000000001 were not paid' },
    ])
  })

  it('of the signer: 1 while the contract does not trust it', async () => {
    let isTrusted = true
    const { measure } = signerRevoked({ active: () => '0xabc', isTrusted: () => isTrusted })
    expect(await measure()).toMatchObject([{ value: '0' }])
    isTrusted = false
    expect(await measure()).toMatchObject([{ value: '1', title: expect.stringContaining('0xabc') }])
  })

  it('of a price: for how long there has been none, anew after each that counted', async () => {
    let now = seconds
    let isUsable = true
    const token = { address: '0x01', symbol: 'USDX' }
    const gone = refuse({ code: -32000, message: 'its feed is 700 s old' })
    const keeper = { price: () => (isUsable ? accept({}) : gone) }
    const tokens = { accepted: () => [token], keeperOf: () => keeper } as unknown as Parameters<
      typeof priceStale
    >[0]['tokens']
    const { measure } = priceStale({ tokens, now: () => now })
    expect(await measure()).toMatchObject([{ subject: '0x01', value: '0' }])
    isUsable = false
    await measure()
    now += 75
    expect(await measure()).toMatchObject([{ value: '75', state: 'its feed is 700 s old.' }])
    isUsable = true
    expect(await measure()).toMatchObject([{ value: '0' }])
    isUsable = false
    now += 500
    expect(await measure()).toMatchObject([{ value: '0' }])
  })
})

describe('what an alert measures of webhooks', () => {
  let database: Kysely<LedgerSchema>
  beforeEach(async () => {
    database = await openDatabase<LedgerSchema>({ path: ':memory:', migrations: ledgerMigrations })
  })
  afterEach(async () => {
    await database.destroy()
  })

  it('is how many messages to each were given up in the last day', async () => {
    const now = () => seconds
    const endpoints = createEndpointBook({ database, now })
    const details = { url: 'https://hook.example/', format: 'standard', isEnabled: true } as const
    await endpoints.create({ ...details, name: 'Chat', events: ['alert.opened'] }, 'Ann')
    await endpoints.create({ ...details, name: 'Pager', events: ['alert.closed'] }, 'Ann')
    const outbox = createOutbox({ endpoints, now })
    await database.transaction().execute(async transaction => {
      for (const event of ['alert.opened', 'alert.opened', 'alert.opened', 'alert.closed'] as const) {
        await outbox.put(transaction, event, {})
      }
    })
    const store = createDeliveryStore(database)
    const [chat, pager] = endpoints.all()
    if (chat === undefined || pager === undefined) throw new Error('an endpoint is missing')
    const due = await store.due(chat.id, seconds, 10)
    const failed = { endpointId: chat.id, durationMilliseconds: 5, status: 500, answer: null } as const
    const at = [seconds - 10, seconds - 2 * 86_400, seconds - 20]
    await store.finish(
      due.map(({ id }, index) => ({
        ...failed,
        deliveryId: id,
        atSeconds: at[index] ?? 0,
        problem: 'it answered 500',
        // The last of them is tried again.
        nextAttemptAtSeconds: index === 2 ? seconds + 60 : null,
      })),
    )
    const measured = await webhookGivenUp({ endpoints, store, now }).measure()
    expect(measured.map(({ subject, value }) => [subject, value])).toEqual([
      [chat.id, '1'],
      [pager.id, '0'],
    ])
  })
})
