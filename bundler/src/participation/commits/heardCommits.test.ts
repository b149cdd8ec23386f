import { type Hash, keccak256, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeEach, describe, expect, it } from 'vitest'
import { openBundlerDatabase } from '../../database.ts'
import type { SignedBundleCommit } from '../gossip/messages.ts'
import { createSchedule } from '../schedule/schedule.ts'
import { commitHash, operationsHashOf } from './commitHash.ts'
import { createHeardCommits, type HeardCommits } from './heardCommits.ts'
import { createHeardStore } from './heardStore.ts'

const terms = { epochBlocks: 256, windowBlocks: 4, fallbackBlocks: 2, graceBlocks: 4 }
const leaders = Array.from({ length: 64 }, (_, window) => 1 + (window % 4))
const schedule = createSchedule(terms, epoch => (epoch === 1n ? { epoch, leaders } : undefined))
const court = '0x00000000000000000000000000000000000000c0'
const chainId = 103
/** Of bundler 1, and of every fourth window. */
const window = 64n
const keys = new Map([1, 2, 3].map(id => [id, privateKeyToAccount(generatePrivateKey())]))
const [operation, other] = ['one', 'other'].map(text => keccak256(toHex(text))) as [Hash, Hash]

let head: bigint
let equivocations: number
let taken: SignedBundleCommit[]
let heard: HeardCommits

beforeEach(() => {
  head = 256n
  equivocations = 0
  taken = []
  heard = heardAnew()
})

function heardAnew(): HeardCommits {
  return createHeardCommits({
    chainId,
    court: () => court,
    schedule,
    head: () => head,
    ownId: () => 2,
    mostCommits: 3,
    nodeKeyOf: id => keys.get(id)?.address,
    onTaken: one => taken.push(one),
    onEquivocation: () => equivocations++,
  })
}

async function signed(
  changes: Partial<SignedBundleCommit['commit']> & { operations?: readonly Hash[]; signer?: number } = {},
): Promise<SignedBundleCommit> {
  const { operations = [operation], signer, ...rest } = changes
  const commit = {
    bundlerId: 1,
    window,
    sequence: 0,
    operationsHash: operationsHashOf(operations),
    transactionHash: operation,
    ...rest,
  }
  const account = keys.get(signer ?? commit.bundlerId)
  if (account === undefined) throw new Error('no such signer')
  const hash = commitHash(commit, { chainId, court })
  return { commit, operations, signature: await account.sign({ hash }) }
}

describe('a commit of another', () => {
  it("makes its operations that bundler's until the window's grace is over", async () => {
    expect(heard.received(await signed({ operations: [operation, other] }))).toBe('accept')
    expect(heard.commitmentTo(other)).toEqual({ bundlerId: 1, window })
    heard.forget(262n)
    expect(heard.commitmentTo(other)).toBeDefined()
    heard.forget(263n)
    expect(heard.commitmentTo(other)).toBeUndefined()
    expect(heard.size()).toBe(0)
  })

  it('counts of whoever may stand in for the leader, too, and the later of two', async () => {
    heard.received(await signed())
    head = 258n
    heard.received(await signed({ bundlerId: 3, window: window + 1n }))
    expect(heard.commitmentTo(operation)).toEqual({ bundlerId: 3, window: window + 1n })
    heard.received(await signed({ sequence: 1 }))
    expect(heard.commitmentTo(operation)).toEqual({ bundlerId: 3, window: window + 1n })
  })

  it('is passed by where its signer neither led nor stood in, or its window is far, or nobody has the key', async () => {
    expect(heard.received(await signed({ bundlerId: 3 }))).toBe('ignore')
    expect(heard.received(await signed({ window: window + 4n }))).toBe('ignore')
    expect(heard.received(await signed({ bundlerId: 4, window: window + 2n, signer: 1 }))).toBe('ignore')
    expect(heard.commitmentTo(operation)).toBeUndefined()
  })

  it('is held against who sends it where the signature or the operations are not those it is of', async () => {
    expect(heard.received(await signed({ signer: 3 }))).toBe('reject')
    const good = await signed()
    expect(heard.received({ ...good, signature: '0x1234' })).toBe('reject')
    expect(heard.received({ ...good, operations: [other] })).toBe('reject')
    expect(heard.received({ ...good, operations: [] })).toBe('reject')
    expect(heard.size()).toBe(0)
  })

  it('is told once, and two to one place are told of', async () => {
    const one = await signed()
    expect(heard.received(one)).toBe('accept')
    expect(heard.received(one)).toBe('ignore')
    expect(equivocations).toBe(0)
    expect(heard.received(await signed({ operations: [other] }))).toBe('accept')
    expect(equivocations).toBe(1)
  })

  it('of more bundles than a window has use for are not taken in', async () => {
    for (let sequence = 0; sequence < 3; sequence++) heard.received(await signed({ sequence }))
    expect(heard.received(await signed({ sequence: 3, operations: [other] }))).toBe('ignore')
    expect(heard.commitmentTo(other)).toBeUndefined()
  })

  it('of its own does not keep a node from its own operations', async () => {
    head = 260n
    expect(heard.received(await signed({ bundlerId: 2, window: window + 1n }))).toBe('accept')
    expect(heard.commitmentTo(operation)).toBeUndefined()
  })

  it('is as known after a restart as before it, and its twin is found out then', async () => {
    const one = await signed()
    heard.received(one)
    expect(taken).toEqual([one])
    const { all, forgetBefore, close } = await onDisk(taken)
    expect(await all()).toEqual([one])
    heard = heardAnew()
    heard.restore(await all())
    expect(taken).toEqual([one])
    expect(heard.commitmentTo(operation)).toEqual({ bundlerId: 1, window })
    expect(heard.received(await signed({ operations: [other] }))).toBe('accept')
    expect(equivocations).toBe(1)
    expect(heard.received(await signed({ operations: [other, operation] }))).toBe('ignore')
    expect(equivocations).toBe(1)
    await forgetBefore(window + 1n)
    expect(await all()).toEqual([])
    await close()
  })
})

async function onDisk(commits: readonly SignedBundleCommit[]) {
  const opened = await openBundlerDatabase(':memory:')
  const store = createHeardStore(opened)
  const settled = async (work: Promise<void>): Promise<void> => {
    await opened.commits.settled()
    await work
  }
  for (const one of commits) await settled(store.keepLater(one))
  return {
    all: store.all,
    forgetBefore: (window: bigint) => settled(store.forgetBefore(window)),
    close: () => opened.database.destroy(),
  }
}
