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
import { createChainFacts } from './chainFacts.ts'
import { payerOf } from './lane.ts'
import type { LaneAccount } from './laneBook.ts'

const contracts = {
  serverlessSession: `0x${'11'.repeat(20)}`,
  usageRights: `0x${'22'.repeat(20)}`,
} as Partial<ComputeContracts> as ComputeContracts
const signer: Address = `0x${'33'.repeat(20)}`
const payer = payerOf({ sessionId: 1n, rightId: 2n })
const hashOf = (block: number): Hex => `0x${String(block).padStart(64, '0')}`

/** A node that fails, and the lane of one payer. */
function stage() {
  const asked: string[] = []
  let block = 1
  const request = async ({ method }: { readonly method: string }): Promise<never> => {
    asked.push(method)
    throw new Error('the node is away')
  }
  const facts = createChainFacts({
    ...{ contracts, provider: signer, endpointHash: id => keccak256(stringToHex(id)) },
    client: createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) as PublicClient,
    book: {
      get: lane => (lane === payer.lane ? ({ signed: { signer } } as LaneAccount) : undefined),
      ofSession: () => [],
    },
    head: () => ({ number: BigInt(block), hash: hashOf(block), timestamp: 0n }),
  })
  return { facts, asked, next: () => block++ }
}

it('asks all that a known lane is judged by at once, once in a block, and fails nobody who does not need it', async () => {
  const { facts, asked, next } = stage()
  for (let block = 0; block < 3; block++) {
    asked.length = 0
    facts.lookAhead({ payer, signer }, 'endpoint')
    facts.lookAhead({ payer, signer }, 'endpoint')
    await turn()
    expect(asked.toSorted()).toEqual(['eth_call', 'eth_call', 'eth_call', 'eth_call', 'eth_getCode'])
    next()
  }
  await expect(facts.redeemed(payer)).rejects.toThrow('the node is away')
})

it('asks nothing ahead for whoever is not known as the signer of a lane', async () => {
  const { facts, asked } = stage()
  facts.lookAhead({ payer, signer: contracts.usageRights }, 'endpoint')
  facts.lookAhead({ payer: payerOf({ sessionId: 3n, rightId: 4n }), signer }, 'endpoint')
  await turn()
  expect(asked).toEqual([])
})
