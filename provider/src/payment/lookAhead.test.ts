// What is asked of the node, and when: at each block as much as a payer's lane is judged by, and no more for a stranger.

import { setImmediate as turn } from 'node:timers/promises'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import {
  type Address,
  createPublicClient,
  custom,
  type Hex,
  keccak256,
  type PublicClient,
  stringToHex,
} from 'viem'
import { expect, it } from 'vitest'
import { createAskedOnce } from './askedOnce.ts'
import { createChainFacts, type Head } from './chainFacts.ts'
import { payerOf } from './lane.ts'
import type { LaneAccount } from './laneBook.ts'
import { createLookAhead } from './lookAhead.ts'

const contracts = {
  serverlessSession: `0x${'11'.repeat(20)}`,
  usageRights: `0x${'22'.repeat(20)}`,
} as Partial<ComputeContracts> as ComputeContracts
const signer: Address = `0x${'33'.repeat(20)}`
const payer = payerOf({ sessionId: 1n, rightId: 2n })
const headAt = (block: number): Head => ({
  number: BigInt(block),
  hash: `0x${String(block).padStart(64, '0')}`,
  timestamp: 0n,
})
const ofOneLane = ['eth_call', 'eth_call', 'eth_call', 'eth_call', 'eth_getCode']

/** A node that answers `word` to everything, or that is away; and the lane of one payer. */
function stage(node: { word?: Hex } = {}) {
  const asked: string[] = []
  const ofBlocks: string[] = []
  const now = { block: 1 }
  const request = async ({ method, params }: { readonly method: string; readonly params?: unknown }) => {
    asked.push(method)
    const [, at] = params as readonly [unknown, { readonly blockHash?: Hex } | undefined]
    if (at?.blockHash !== undefined) ofBlocks.push(at.blockHash)
    if (node.word === undefined) throw new Error('the node is away')
    return node.word
  }
  const book = {
    get: (lane: string) => (lane === payer.lane ? ({ signed: { signer } } as LaneAccount) : undefined),
    ofSession: () => [],
  }
  const askedOnce = createAskedOnce({ mostKnown: 100, mostStrange: 100 })
  const factsAt = (head: () => Head) =>
    createChainFacts({
      ...{ contracts, provider: signer, endpointHash: (id: string) => keccak256(stringToHex(id)) },
      client: createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as PublicClient,
      ...{ book, askedOnce, head },
    })
  const facts = factsAt(() => headAt(now.block))
  return { facts, lookAhead: createLookAhead({ facts, factsAt, book }), asked, ofBlocks, now }
}

it('asks all that a known lane is judged by at once, once in a block, and fails nobody who does not need it', async () => {
  const { facts, lookAhead, asked, now } = stage()
  for (; now.block < 4; now.block++) {
    asked.length = 0
    lookAhead.ofLane({ payer, signer }, 'endpoint')
    lookAhead.ofLane({ payer, signer }, 'endpoint')
    await turn()
    expect(asked.toSorted()).toEqual(ofOneLane)
  }
  await expect(facts.redeemed(payer)).rejects.toThrow('the node is away')
})

it('asks nothing ahead for whoever is not known as the signer of a lane', async () => {
  const { lookAhead, asked } = stage()
  lookAhead.ofLane({ payer, signer: contracts.usageRights }, 'endpoint')
  lookAhead.ofLane({ payer: payerOf({ sessionId: 3n, rightId: 4n }), signer }, 'endpoint')
  await lookAhead.atNext(headAt(2))
  await turn()
  expect(asked).toEqual([])
})

it('asks at the next block, before requests are judged by it, for the lanes that are in use and for no others', async () => {
  const { facts, lookAhead, asked, ofBlocks, now } = stage({ word: `0x${'00'.repeat(96)}` })
  lookAhead.ofLane({ payer, signer }, 'endpoint')
  await turn()
  asked.length = 0
  ofBlocks.length = 0
  await lookAhead.atNext(headAt(2))
  expect(asked.toSorted()).toEqual(ofOneLane)
  expect(new Set(ofBlocks)).toEqual(new Set([headAt(2).hash]))

  asked.length = 0
  now.block = 2
  await facts.redeemed(payer)
  await lookAhead.atNext(headAt(3))
  expect(asked).toEqual([])
})

it('moves on to a block without the answers of a node that is away', async () => {
  const { lookAhead } = stage()
  lookAhead.ofLane({ payer, signer }, 'endpoint')
  await lookAhead.atNext(headAt(2))
})
