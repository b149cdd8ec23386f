import { type Client, createClient, custom, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { pollByBlocks } from './pollByBlocks.ts'

/** A chain that is one block higher each time it is asked. */
function growingChain(): Client {
  let head = 0
  return createClient({ transport: custom({ request: async () => numberToHex(++head) }), pollingInterval: 1 })
}

describe('waiting by blocks', () => {
  it('returns what it found as soon as it is there', async () => {
    let looks = 0
    const found = await pollByBlocks(growingChain(), {
      what: 'Inclusion',
      timeoutBlocks: 100n,
      look: async () => (++looks === 3 ? 'here' : undefined),
    })
    expect(found).toBe('here')
    expect(looks).toBe(3)
  })

  it('gives up after so many blocks, however long they took', async () => {
    const waiting = pollByBlocks(growingChain(), {
      what: 'Inclusion',
      timeoutBlocks: 5n,
      look: async () => undefined,
    })
    await expect(waiting).rejects.toThrow('Inclusion did not happen within 5 blocks.')
  })

  it('never gives up on a chain that stands still', async () => {
    let looks = 0
    const frozen = createClient({ transport: custom({ request: async () => '0x1' }), pollingInterval: 1 })
    const found = await pollByBlocks(frozen, {
      what: 'Inclusion',
      timeoutBlocks: 1n,
      look: async () => (++looks === 50 ? 'here' : undefined),
    })
    expect(found).toBe('here')
  })

  it('lets an outage of what it looks at through', async () => {
    const waiting = pollByBlocks(growingChain(), {
      what: 'Inclusion',
      timeoutBlocks: 5n,
      look: () => Promise.reject(new Error('the node is gone')),
    })
    await expect(waiting).rejects.toThrow('the node is gone')
  })
})
