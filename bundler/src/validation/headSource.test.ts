import type { Block } from '@worldland-aa/service/chain/block'
import type { Shortfall } from '@worldland-aa/service/chain/shortfall'
import { Outage } from '@worldland-aa/service/outage'
import { accept, refuse } from '@worldland-aa/service/result'
import { describe, expect, it } from 'vitest'
import { testBlock } from '../testing/openMempool.ts'
import { atNewestHead, judgeAtHead } from './headSource.ts'

/** A chain at block 5 whose next look finds block `next`. */
function chainThatMovesTo(next: bigint, shortfall?: Shortfall) {
  let head = testBlock(5n)
  return {
    head: () => head,
    poll: async () => {
      head = testBlock(next)
    },
    shortfall: () => shortfall,
  }
}
const lost = async ({ number }: Block) => {
  if (number === 5n) throw new Error('RPC Request failed. Details: header for hash not found')
  return accept(number)
}

describe('a block that the node has lost', () => {
  it('is asked about anew at the new head', async () => {
    expect(await judgeAtHead(chainThatMovesTo(3n), lost)).toEqual(accept(3n))
    expect(await atNewestHead(chainThatMovesTo(3n), lost)).toEqual(accept(3n))
  })

  it('is named to the caller while there is no other head', async () => {
    const asked = judgeAtHead(chainThatMovesTo(5n), lost)
    await expect(asked).rejects.toThrow(Outage)
    await expect(asked).rejects.toThrow('The node does not know block 5')
  })

  it('is not asked about at all while the node shows less than before', async () => {
    const chain = chainThatMovesTo(5n, { nodeNumber: 23n, knownNumber: 106n, milliseconds: 12_000 })
    const asked = judgeAtHead(chain, () => Promise.reject(new Error('nobody should ask')))
    await expect(asked).rejects.toThrow('the node is at block 23 and had shown block 106 before')
  })
})

describe('a verdict', () => {
  it('is a no only if it is one at the newest head', async () => {
    const judge = async ({ number }: Block) =>
      number === 6n ? accept(number) : refuse({ code: -32500, message: 'AA25' })
    expect(await judgeAtHead(chainThatMovesTo(6n), judge)).toEqual(accept(6n))
    expect(await judgeAtHead(chainThatMovesTo(5n), judge)).toMatchObject({ ok: false })
  })

  it('is not given where the node fails for another reason', async () => {
    const failing = () => Promise.reject(new Error('connect ECONNREFUSED'))
    await expect(judgeAtHead(chainThatMovesTo(6n), failing)).rejects.toThrow('ECONNREFUSED')
  })
})
