import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hash, keccak256, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBundlerDatabase } from '../../database.ts'
import type { SignedBundleCommit } from '../gossip/messages.ts'
import { signerOfCommit } from './commitHash.ts'
import { createOwnCommits } from './ownCommits.ts'

const account = privateKeyToAccount(generatePrivateKey())
const place = { bundlerId: 7, window: 64n, court: '0x00000000000000000000000000000000000000c0' } as const
const hashes = Array.from({ length: 8 }, (_, index) => keccak256(toHex(index))) as Hash[]
let folder: string
let now: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commits-'))
  now = 1_000_000
})
afterEach(() => rmSync(folder, { recursive: true }))

type Work = (sign: (bundle: number) => Promise<SignedBundleCommit>) => Promise<SignedBundleCommit[]>

async function withNode(work: Work, file = 'node.sqlite'): Promise<readonly SignedBundleCommit[]> {
  const { database, commits } = await openBundlerDatabase(join(folder, file))
  const own = createOwnCommits({ database, commits, chainId: 103, account, clock: { now: () => now } })
  try {
    return await work(bundle =>
      own.sign({ operations: [hashes[bundle] as Hash], transactionHash: hashes[bundle] as Hash }, place),
    )
  } finally {
    await commits.settled()
    await database.destroy()
  }
}

function sequences(signed: readonly SignedBundleCommit[]): readonly number[] {
  return signed.map(({ commit }) => commit.sequence)
}

describe('own commits', () => {
  it('are signed by the node key, each in a place of its own, however many are asked for at once', async () => {
    const signed = await withNode(sign => Promise.all([0, 1, 2, 3].map(sign)))
    expect(new Set(sequences(signed)).size).toBe(4)
    for (const one of signed)
      expect(signerOfCommit(one, { chainId: 103, court: place.court })).toBe(account.address)
  })

  it('go on behind what is on the disk after a restart, though the clock was set back', async () => {
    const before = await withNode(sign => Promise.all([0, 1, 2].map(sign)))
    now = 0
    const after = await withNode(async sign => [await sign(3)])
    expect(Math.min(...sequences(after))).toBeGreaterThan(Math.max(...sequences(before)))
  })

  it('take no place again that a lost file knew of, once the clock has gone on', async () => {
    const before = await withNode(sign => Promise.all([0, 1, 2].map(sign)))
    now += 5_000
    const after = await withNode(async sign => [await sign(3)], 'new.sqlite')
    expect(sequences(before)).not.toContain(sequences(after)[0])
  })
})
