import { createPublicClient, custom, numberToHex, type PublicClient } from 'viem'
import { expect, it } from 'vitest'
import { startTestChain } from '../validation/testing/testChain.ts'
import { overriddenWriteShortfall } from './overriddenWrite.ts'

it('is nothing where an override counts as state of the block', async () => {
  const chain = await startTestChain()
  expect(await overriddenWriteShortfall(chain.client)).toBe(0n)
  await chain.stop()
})

it('is what a dirty slot saves where an override counts as a write of the same transaction', async () => {
  // What geth 1.10.26 answers.
  const request = async () => numberToHex(2_208, { size: 32 })
  const client = createPublicClient({ transport: custom({ request }) }) as PublicClient
  expect(await overriddenWriteShortfall(client)).toBe(2_800n)
})
