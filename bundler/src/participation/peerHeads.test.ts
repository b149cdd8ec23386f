import { describe, expect, it } from 'vitest'
import { createPeerHeads, type PeerHeads } from './peerHeads.ts'

/** A node at block 100, which came when it was made; so does each that follows, ten seconds after the one before. */
function nodeAt100() {
  let number = 100n
  let milliseconds = 1_700_000_000_000
  const heads: PeerHeads = createPeerHeads({ head: () => ({ number }), clock: { now: () => milliseconds } })
  return {
    heads,
    pass(seconds: number) {
      milliseconds += 1_000 * seconds
    },
    /** `late`: seconds ago. */
    see(block: bigint, late = 0) {
      number = block
      heads.saw({ number, timestamp: BigInt(milliseconds / 1_000 - late) })
    },
  }
}

describe('a node that hears of others which block is their newest', () => {
  it('is behind when most of them know two blocks more, until it has caught up', () => {
    const { heads, see } = nodeAt100()
    heads.said(1, 102n)
    heads.said(2, 102n)
    heads.said(3, 100n)
    expect(heads.isBehind()).toBe(true)
    see(101n, 20)
    expect(heads.isBehind()).toBe(true)
    see(102n, 20)
    expect(heads.isBehind()).toBe(false)
  })

  it('is not behind for one block, which others may have a moment before it', () => {
    const { heads } = nodeAt100()
    for (const bundlerId of [1, 2, 3]) heads.said(bundlerId, 101n)
    expect(heads.isBehind()).toBe(false)
  })

  it('takes no word of one alone, nor of a half', () => {
    const { heads } = nodeAt100()
    heads.said(1, 110n)
    expect(heads.isBehind()).toBe(false)
    for (const bundlerId of [2, 3]) heads.said(bundlerId, 100n)
    expect(heads.isBehind()).toBe(false)
    heads.said(4, 110n)
    expect(heads.isBehind()).toBe(false)
    heads.said(5, 110n)
    expect(heads.isBehind()).toBe(true)
  })

  it('counts nobody who is gone, or has said nothing for long', () => {
    const { heads, pass } = nodeAt100()
    for (const bundlerId of [1, 2]) heads.said(bundlerId, 102n)
    heads.said(2, undefined)
    expect(heads.isBehind()).toBe(false)
    heads.said(2, 102n)
    expect(heads.isBehind()).toBe(true)
    pass(301)
    expect(heads.isBehind()).toBe(false)
  })

  it('believes none who names blocks far ahead, nor for an hour who named one before it was made', () => {
    const { heads, pass, see } = nodeAt100()
    for (const bundlerId of [1, 2]) heads.said(bundlerId, 10_000n)
    expect(heads.isBehind()).toBe(false)
    for (const bundlerId of [1, 2]) heads.said(bundlerId, 102n)
    expect(heads.isBehind()).toBe(true)
    for (const block of [101n, 102n]) {
      pass(10)
      see(block)
      for (const bundlerId of [1, 2]) heads.said(bundlerId, block + 2n)
    }
    expect(heads.isBehind()).toBe(false)
    pass(3_601)
    for (const bundlerId of [1, 2]) heads.said(bundlerId, 104n)
    expect(heads.isBehind()).toBe(true)
  })

  it('judges nobody by the time of a miner whose clock runs ahead', () => {
    const { heads, pass, see } = nodeAt100()
    for (const bundlerId of [1, 2]) heads.said(bundlerId, 103n)
    pass(1)
    see(101n, -200)
    see(102n, -200)
    expect(heads.isBehind()).toBe(true)
  })
})
