import { createPublicClient, custom, keccak256, type PublicClient, parseEther, zeroHash } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  combinedCodeHash,
  createEntityStateReader,
  type EntityStateReader,
  nodeEntities,
} from './entityState.ts'
import { assemble } from './testing/assemble.ts'
import { freshAddress, startTestChain, type TestChain } from './testing/testChain.ts'
import { listeningClient } from './testing/validationHarness.ts'

let chain: TestChain
let reader: EntityStateReader
let calls = 0
beforeAll(async () => {
  chain = await startTestChain()
})
afterAll(() => chain.stop())
beforeEach(() => {
  calls = 0
  reader = createEntityStateReader({
    source: nodeEntities(
      listeningClient(chain, () => calls++),
      chain.entryPoint,
    ),
    stakeMinimums: { stakeWei: parseEther('1'), unstakeDelaySeconds: 100 },
  })
})

describe('stakes and code hashes', () => {
  it('are read together, in one call', async () => {
    const [rich, poor, code] = [assemble('1'), assemble('2'), assemble('3')]
    const staked = await chain.place(rich)
    const hasty = await chain.place(poor)
    const library = await chain.place(code)
    await chain.stake(staked, { wei: parseEther('2'), unstakeDelaySeconds: 100 })
    await chain.stake(hasty, { wei: parseEther('5'), unstakeDelaySeconds: 99 })
    const { stakes, codeHashes } = await reader.read({
      block: await chain.head(),
      stakesOf: [staked, hasty, library],
      codeOf: [library, staked, chain.entryPoint],
    })
    expect(calls).toBe(1)
    expect([...stakes.values()]).toEqual([
      { address: staked, stakeWei: parseEther('2'), unstakeDelaySeconds: 100, isStaked: true },
      { address: hasty, stakeWei: parseEther('5'), unstakeDelaySeconds: 99, isStaked: false },
      { address: library, stakeWei: 0n, unstakeDelaySeconds: 0, isStaked: false },
    ])
    expect(codeHashes.get(library)).toBe(keccak256(code))
    expect(codeHashes.get(staked)).toBe(keccak256(rich))
    const entryPointCode = await chain.client.getCode({ address: chain.entryPoint })
    expect(codeHashes.get(chain.entryPoint)).toBe(keccak256(entryPointCode ?? '0x'))
  })

  it('are the same for an address without code, funded or not', async () => {
    const [nobody, somebody] = [freshAddress(), freshAddress()]
    await chain.send({ to: somebody, value: 1n })
    const { codeHashes } = await reader.read({
      block: await chain.head(),
      stakesOf: [],
      codeOf: [nobody, somebody],
    })
    expect([...codeHashes.values()]).toEqual([zeroHash, zeroHash])
  })

  it('are read once a block, and again at the next', async () => {
    const address = await chain.place(assemble('1'))
    await chain.anvil.mine({ blocks: 1 })
    const request = { stakesOf: [address], codeOf: [address] }
    await reader.read({ ...request, block: await chain.head() })
    await reader.read({ ...request, block: await chain.head() })
    expect(calls).toBe(1)
    await chain.place(assemble('2'), address)
    await chain.anvil.mine({ blocks: 1 })
    const later = await reader.read({ ...request, block: await chain.head() })
    expect(calls).toBe(2)
    expect(later.codeHashes.get(address)).toBe(keccak256(assemble('2')))
  })

  it('are read for more addresses than one answer can hold', async () => {
    const codeOf = Array.from({ length: 1_001 }, () => freshAddress())
    const last = await chain.place(assemble('1'))
    const { codeHashes } = await reader.read({
      block: await chain.head(),
      stakesOf: [last],
      codeOf: [...codeOf, last],
    })
    expect(codeHashes.size).toBe(1_002)
    expect(codeHashes.get(last)).toBe(keccak256(assemble('1')))
    expect(calls).toBe(3)
  })

  it('are refused when the node answers something else', async () => {
    const client = createPublicClient({ transport: custom({ request: async () => '0x00' }) }) as PublicClient
    const deaf = createEntityStateReader({
      source: nodeEntities(client, chain.entryPoint),
      stakeMinimums: { stakeWei: 0n, unstakeDelaySeconds: 0 },
    })
    const block = await chain.head()
    await expect(deaf.read({ block, stakesOf: [], codeOf: [freshAddress()] })).rejects.toThrow(/answered/)
  })
})

describe('the combined code hash', () => {
  const [one, two] = [freshAddress(), freshAddress()]
  it('does not depend on the order of the addresses', () => {
    const entries = [
      [one, keccak256('0x01')],
      [two, keccak256('0x02')],
    ] as const
    expect(combinedCodeHash(new Map(entries))).toBe(combinedCodeHash(new Map([...entries].reverse())))
  })

  it('changes with any code and with the place it is at', () => {
    const before = combinedCodeHash(new Map([[one, keccak256('0x01')]]))
    expect(combinedCodeHash(new Map([[one, keccak256('0x02')]]))).not.toBe(before)
    expect(combinedCodeHash(new Map([[two, keccak256('0x01')]]))).not.toBe(before)
  })
})
