// Leases that are known are looked after whatever becomes of the search for new ones and of the list of machines.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { createLogger } from '@worldland-aa/service/logger'
import { zeroHash } from 'viem'
import { afterEach, expect, it } from 'vitest'
import { frozenTermsOf } from './frozenTerms.ts'
import { createLeaseRounds, type LeaseRounds } from './leaseRounds.ts'

type Options = Parameters<typeof createLeaseRounds>[0]
type Parts = {
  readonly search?: () => Promise<void>
  readonly list?: () => Promise<never[]>
  /** What the chain says otherwise of the lease, from now on. */
  readonly differing?: () => Partial<Lease>
  readonly headBlock?: () => bigint
  /** What a daemon before this one has written down of it. */
  readonly written?: { unentitledSince: bigint | undefined }
}

const person = '0x1111111111111111111111111111111111111111'
const hung = () => new Promise<never>(() => undefined)
const full = () => Promise.reject(new Error('SQLITE_FULL: database or disk is full'))

let rounds: LeaseRounds
let letGo: () => void
/** What was done to machine and mempool, in words. */
let done: string[]

/** A lease whose machine runs, and whose renter asks whether it does; resolves with the purposes that are sent for it. */
async function sentWith(parts: Parts): Promise<string[]> {
  const sent = await begun(parts)
  await expect.poll(() => sent).not.toHaveLength(0)
  return sent
}

async function begun(parts: Parts): Promise<string[]> {
  const { search = async () => undefined, list = async () => [], differing = () => ({}) } = parts
  const { headBlock = () => 100n, written = { unentitledSince: undefined } } = parts
  const sent: string[] = []
  done = []
  const until = new Promise<void>(resolve => {
    letGo = resolve
  })
  const freed = <Value>(work: Promise<Value>): Promise<Value> =>
    Promise.race([work, until.then(() => Promise.reject(new Error('the test is over')))])
  const lease = {
    ...{ leaseId: 1n, payer: person, provider: person, state: 'ready', units: 1, offerId: 1n },
    ...{ usedSeconds: 1, maximumSeconds: 1_000, blockNumber: 100n, imageDigest: zeroHash },
    ping: { deadlineBlock: 120n },
  } as unknown as Lease
  const machine = { key: 'lease-1', owner: 'lease', state: 'running', startedAtMilliseconds: Date.now() }
  rounds = createLeaseRounds({
    contracts: { instanceLease: person },
    sender: {
      address: person,
      async submit(purpose: string) {
        sent.push(purpose)
        return { ok: true, value: { state: 'pending' } }
      },
      async forsake(isForsaken: (purpose: string) => boolean) {
        done.push(...sent.filter(isForsaken).map(purpose => `call off ${purpose}`))
      },
    },
    search: { look: () => freed(search()) },
    driver: {
      find: async () => machine,
      list: () => freed(list()),
      async freeze() {
        machine.state = 'frozen'
        done.push('freeze')
      },
      async wipe() {
        machine.state = 'none'
        done.push(`wipe at ${headBlock()}`)
      },
    },
    access: { close: () => undefined, forget: async () => undefined },
    book: {
      ...{ ids: () => [1n], fromBlock: () => 0n, taken: () => ({ terms: '0xaa', resources: { gpus: 0 } }) },
      unentitledSince: () => written.unentitledSince,
      async markUnentitled(_: bigint, since: bigint | undefined) {
        written.unentitledSince = since
      },
    },
    reader: { read: async () => ({ ...lease, ...differing() }) },
    readRequest: async (read: Lease) => ({
      ...{ terms: read.broker === undefined ? '0xaa' : '0xbb', frozenTerms: frozenTermsOf(read) },
      opened: { ok: true, request: {} },
    }),
    head: () => ({ number: headBlock(), hash: '0x' }),
    finalityBlocks: 12,
    isDraining: () => false,
    onAct: () => undefined,
    logger: createLogger({ name: 'test', level: 'silent' }),
  } as unknown as Options)
  await rounds.start()
  return sent
}

afterEach(async () => {
  letGo()
  await rounds.stop()
})

it('answers a ping while the disk is full and new leases cannot be written down', async () => {
  expect((await sentWith({ search: full }))[0]).toContain('pong')
  await expect.poll(() => rounds.problem()).toContain('SQLITE_FULL')
})

it('answers a ping while the machines cannot be listed', async () => {
  expect((await sentWith({ list: full }))[0]).toContain('pong')
})

it('answers a ping while the engine hangs over the list of machines, and the node over the search', async () => {
  expect((await sentWith({ list: hung, search: hung }))[0]).toContain('pong')
})

it('looks for new leases and machines again by itself, and says when all is well', async () => {
  let asked = 0
  await sentWith({ search: () => (++asked < 3 ? full() : Promise.resolve()) })
  await expect.poll(() => asked).toBeGreaterThan(2)
  await expect.poll(() => rounds.problem()).toBeUndefined()
})

it('knows another lease under the number by what was frozen with it, though nobody has told of a reorg yet', async () => {
  let broker: Lease['broker']
  const sent = await sentWith({ differing: () => ({ broker }) })
  broker = { address: person, basisPoints: 10_000 }
  const head = { number: 101n, hash: '0x' } as never
  rounds.onChainUpdate({ removed: [], added: [], head })
  await expect.poll(() => done).toEqual([`call off ${sent[0]}`, 'freeze'])
})

it('ends, after a restart too, what became ready by what an earlier life sent for another lease', async () => {
  const broker = { address: person, basisPoints: 10_000 } as const
  let headBlock = 100n
  const sent = sentWith({
    differing: () => ({ broker, ping: undefined, blockNumber: headBlock }),
    headBlock: () => headBlock,
  })
  await expect.poll(() => done).toEqual(['freeze'])
  headBlock = 102n
  rounds.onChainUpdate({ removed: [], added: [], head: { number: headBlock, hash: '0x' } as never })
  expect(await sent).toEqual([expect.stringContaining('stop lease 1 0xbb')])
})

it('wipes what another lease waits for when it is final, though the daemon starts anew more often than that', async () => {
  const broker = { address: person, basisPoints: 10_000 } as const
  const written = { unentitledSince: undefined }
  let headBlock = 100n
  const parts = {
    differing: () => ({ broker, state: 'locked', ping: undefined, blockNumber: headBlock }) as Partial<Lease>,
    headBlock: () => headBlock,
    written,
  }
  for (headBlock = 100n; headBlock < 112n; headBlock += 4n) {
    await begun(parts)
    await expect.poll(() => done).toEqual(['freeze'])
    letGo()
    await rounds.stop()
  }
  await begun(parts)
  await expect.poll(() => done).toEqual(['freeze', 'wipe at 112'])
})
