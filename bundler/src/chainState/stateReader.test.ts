import { type Address, type Hex, keccak256, numberToHex, pad, parseEther, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assemble } from '../validation/testing/assemble.ts'
import { freshAddress, startTestChain, type TestChain } from '../validation/testing/testChain.ts'
import { createProgramReader } from './programReader.ts'
import { createProofReader } from './proofReader.ts'
import type { StateQuery } from './stateQuery.ts'

let chain: TestChain
beforeAll(async () => {
  chain = await startTestChain()
})
afterAll(() => chain.stop())

const slot = (number: number): Hex => numberToHex(number, { size: 32 })
const nothing: StateQuery = { accounts: [], slots: [], nonces: [], blockHashes: [] }
const code = '0x6001600055'

async function store(address: Address, values: readonly number[]): Promise<void> {
  for (const [index, value] of values.entries()) {
    await chain.anvil.setStorageAt({ address, index, value: slot(value) })
  }
  await chain.anvil.mine({ blocks: 1 })
}

describe.each([
  ['by programs', createProgramReader],
  ['by proofs', createProofReader],
])('reading the state %s', (_, createReader) => {
  it('gives slots of several contracts in the order asked for', async () => {
    const one = await chain.place(code)
    const other = await chain.place(code)
    await store(one, [11, 12, 13])
    await store(other, [21])
    const answer = await createReader(chain.client).read(await chain.head(), {
      ...nothing,
      slots: [
        { address: one, slots: [slot(2), slot(0), slot(77)] },
        { address: other, slots: [slot(0)] },
        { address: freshAddress(), slots: [slot(0)] },
      ],
    })
    expect(answer.slots).toEqual([[13n, 11n, 0n], [21n], [0n]])
  })

  it('tells contracts, funded addresses and empty ones apart, and brings code only where it is asked for', async () => {
    const contract = await chain.place(code)
    const funded = freshAddress()
    await chain.anvil.setBalance({ address: funded, value: parseEther('2') })
    await chain.anvil.mine({ blocks: 1 })
    const { accounts } = await createReader(chain.client).read(await chain.head(), {
      ...nothing,
      accounts: [
        { address: contract, withCode: true },
        { address: contract, withCode: false },
        { address: funded, withCode: true },
        { address: freshAddress(), withCode: true },
      ],
    })
    expect(accounts).toEqual([
      { balanceWei: 0n, codeHash: keccak256(code), code },
      { balanceWei: 0n, codeHash: keccak256(code) },
      { balanceWei: parseEther('2'), codeHash: keccak256('0x') },
      { balanceWei: 0n, codeHash: pad('0x') },
    ])
  })

  it('gives nonces and the hashes of ancestors', async () => {
    const head = await chain.head()
    const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
    const answer = await createReader(chain.client).read(head, {
      ...nothing,
      nonces: [address],
      blockHashes: [head.number - 1n, head.number],
    })
    expect(answer).toMatchObject({
      nonces: [BigInt(await chain.client.getTransactionCount({ address }))],
      blockHashes: [head.parentHash, head.hash],
    })
  })

  it('is of the block it was asked for, whatever has happened since', async () => {
    const contract = await chain.place(assemble('0 CALLDATALOAD 0 SSTORE'))
    await chain.send({ to: contract, data: slot(1) })
    const before = await chain.head()
    await chain.send({ to: contract, data: slot(2) })
    const reader = createReader(chain.client)
    const query = { ...nothing, slots: [{ address: contract, slots: [slot(0)] }] }
    expect((await reader.read(before, query)).slots).toEqual([[1n]])
    expect((await reader.read(await chain.head(), query)).slots).toEqual([[2n]])
  })

  it('fails rather than answer for a block that the node does not know', async () => {
    const head = await chain.head()
    const unknown = { ...head, hash: keccak256(toHex('no block')) }
    const query = { ...nothing, slots: [{ address: chain.entryPoint, slots: [slot(0)] }] }
    await expect(createReader(chain.client).read(unknown, query)).rejects.toThrow()
  })
})
