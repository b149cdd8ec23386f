// Transactions of an ordinary key over a chain that loses, reverts and takes back: each purpose is done once.
import { createNodeClient } from '@worldland-aa/service/chain/connectNode'
import { createLogger } from '@worldland-aa/service/logger'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { type Address, type Hex, type PublicClient, parseEther } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKeySender } from './keySender.ts'
import type { Sender } from './sender.ts'

const logger = createLogger({ name: 'test', level: 'silent' })
let anvil: Anvil
let client: PublicClient
let account: PrivateKeyAccount
let sender: Sender
let head: { number: bigint; hash: Hex }
/** Reverts whatever it is asked. */
const stubborn = '0x00000000000000000000000000000000000000bb'

beforeAll(async () => {
  anvil = await startAnvil({ blockSeconds: 0 })
  client = createNodeClient(anvil.url, 103)
  await anvil.client.setCode({ address: stubborn, bytecode: '0x60006000fd' })
})
afterAll(() => anvil?.stop())

beforeEach(async () => {
  account = privateKeyToAccount(generatePrivateKey())
  await anvil.client.setBalance({ address: account.address, value: parseEther('10') })
  await mine()
  sender = newLife()
})

function newLife(log = logger): Sender {
  return createKeySender({ client, account, chainId: 103, head: () => head, logger: log })
}

async function mine(): Promise<void> {
  await anvil.client.mine({ blocks: 1 })
  const { number, hash } = await client.getBlock()
  head = { number, hash }
}

const give = (to: Address, value = 1n) => ({ to, data: '0x' as const, value })
const receiver = (): Address => privateKeyToAccount(generatePrivateKey()).address
const pending = { ok: true, value: { state: 'pending' } }
const landed = { ok: true, value: { state: 'landed' } }
const balanceOf = (address: Address): Promise<bigint> => client.getBalance({ address })

describe('a purpose', () => {
  it('is sent once, however often it is asked for', async () => {
    const to = receiver()
    expect(await sender.submit('a', [give(to)])).toEqual(pending)
    expect(await sender.submit('a', [give(to)])).toEqual(pending)
    await mine()
    expect(await sender.submit('a', [give(to)])).toMatchObject(landed)
    await mine()
    expect(await sender.submit('a', [give(to)])).toMatchObject(landed)
    expect(await balanceOf(to)).toBe(1n)
  })

  it('of several calls carries them out in their order', async () => {
    const [first, second] = [receiver(), receiver()]
    const calls = [give(first), give(second)]
    expect(await sender.submit('b', calls)).toEqual(pending)
    await mine()
    expect(await balanceOf(second)).toBe(0n)
    expect(await sender.submit('b', calls)).toEqual(pending)
    await mine()
    expect(await sender.submit('b', calls)).toMatchObject(landed)
    expect([await balanceOf(first), await balanceOf(second)]).toEqual([1n, 1n])
  })

  it('beside another is sent without waiting for it', async () => {
    const [left, right] = [receiver(), receiver()]
    await Promise.all([sender.submit('left', [give(left)]), sender.submit('right', [give(right)])])
    await mine()
    expect([await balanceOf(left), await balanceOf(right)]).toEqual([1n, 1n])
  })

  it('is refused before it is sent where the chain would refuse it, and costs nothing', async () => {
    const before = await balanceOf(account.address)
    expect(await sender.submit('c', [{ ...give(stubborn), data: '0x12345678' }])).toMatchObject({ ok: false })
    await mine()
    expect(await balanceOf(account.address)).toBe(before)
  })

  it('is refused with what is missing where there is no coin for its gas', async () => {
    await anvil.client.setBalance({ address: account.address, value: 5n })
    const refused = await sender.submit('d', [give(receiver(), 0n)])
    expect(refused).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('send coin to it') },
    })
  })

  it('that was mined and reverted is told, and can be sent again', async () => {
    const to = receiver()
    expect(await sender.submit('e', [give(to)])).toEqual(pending)
    // Between playing and mining the other side changed its mind.
    await anvil.client.setCode({ address: to, bytecode: '0x60006000fd' })
    await mine()
    expect(await sender.submit('e', [give(to)])).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('mined and reverted') },
    })
    await anvil.client.setCode({ address: to, bytecode: '0x' })
    expect(await sender.submit('e', [give(to)])).toEqual(pending)
    await mine()
    expect(await sender.submit('e', [give(to)])).toMatchObject(landed)
  })
})

describe('what the chain loses', () => {
  it('is handed to the node again when a mempool dropped it, and holds up nothing behind it', async () => {
    const [first, second] = [receiver(), receiver()]
    await sender.submit('lost', [give(first)])
    await sender.submit('behind', [give(second)])
    await anvil.client.request({ method: 'anvil_dropAllTransactions' } as never)
    await mine()
    expect(await balanceOf(second)).toBe(0n)
    expect(await sender.submit('behind', [give(second)])).toEqual(pending)
    await mine()
    expect([await balanceOf(first), await balanceOf(second)]).toEqual([1n, 1n])
  })

  it('is sent again when a reorg took it back', async () => {
    const to = receiver()
    await sender.submit('f', [give(to)])
    await mine()
    expect(await sender.submit('f', [give(to)])).toMatchObject(landed)
    await mine()
    await anvil.client.request({ method: 'anvil_reorg', params: [2, []] } as never)
    await mine()
    expect(await balanceOf(to)).toBe(0n)
    expect(await sender.submit('f', [give(to)])).toEqual(pending)
    await mine()
    expect(await balanceOf(to)).toBe(1n)
    expect(await sender.submit('f', [give(to)])).toMatchObject(landed)
  })

  it('is not sent again when a reorg took back what nobody wants any more, and holds up nothing', async () => {
    const [unwanted, other] = [receiver(), receiver()]
    await sender.submit('stop', [give(unwanted)])
    await mine()
    expect(await sender.submit('stop', [give(unwanted)])).toMatchObject(landed)
    for (let heads = 0; heads < 4; heads++) {
      await mine()
      await sender.submit('other', [give(other)])
    }
    await anvil.client.request({ method: 'anvil_reorg', params: [6, []] } as never)
    for (let heads = 0; heads < 12; heads++) {
      await mine()
      await sender.submit('other', [give(other)])
    }
    expect([await balanceOf(unwanted), await balanceOf(other)]).toEqual([0n, 1n])
    // Wanted anew, it is sent anew.
    for (let heads = 0; heads < 3; heads++) {
      await sender.submit('stop', [give(unwanted)])
      await mine()
    }
    expect(await sender.submit('stop', [give(unwanted)])).toMatchObject(landed)
    expect(await balanceOf(unwanted)).toBe(1n)
  })

  it('is called off at once where it would be done to another than it was meant for', async () => {
    const [forsaken, other] = [receiver(), receiver()]
    await sender.submit('accept lease 5 0xaa', [give(forsaken)])
    await sender.submit('accept lease 6 0xbb', [give(other)])
    await sender.forsake(purpose => purpose.includes('lease 5 '))
    await mine()
    expect([await balanceOf(forsaken), await balanceOf(other)]).toEqual([0n, 1n])
  })

  it('is called off also where a reorg gives back what had landed', async () => {
    const to = receiver()
    await sender.submit('accept lease 7 0xaa', [give(to)])
    await mine()
    expect(await sender.submit('accept lease 7 0xaa', [give(to)])).toMatchObject(landed)
    await mine()
    await anvil.client.request({ method: 'anvil_reorg', params: [2, []] } as never)
    await sender.forsake(purpose => purpose.includes('lease 7 '))
    for (let heads = 0; heads < 4; heads++) await mine()
    expect(await balanceOf(to)).toBe(0n)
  })

  it('is offered more for after some blocks in which nobody took it', async () => {
    const to = receiver()
    await sender.submit('g', [give(to)])
    const offers = new Set<bigint | undefined>()
    for (let block = 0; block < 8; block++) {
      const { transactions } = await client.getBlock({ blockTag: 'pending', includeTransactions: true })
      for (const transaction of transactions)
        if (transaction.from === account.address.toLowerCase()) offers.add(transaction.maxFeePerGas)
      head = { number: head.number + 1n, hash: `0x${block.toString(16).padStart(64, '0')}` }
      expect(await sender.submit('g', [give(to)])).toEqual(pending)
    }
    await mine()
    expect(await sender.submit('g', [give(to)])).toMatchObject(landed)
    expect(offers.size).toBe(2)
    expect(await balanceOf(to)).toBe(1n)
  })
})

it('calls off what an earlier life left hanging, and sends its own well within the time of a pong', async () => {
  const [hanging, behind, after] = [receiver(), receiver(), receiver()]
  await sender.submit('i', [give(hanging)])
  await sender.submit('j', [give(behind)])
  const next = newLife()
  // Blocks that have no room for what offers so little.
  for (let block = 0; block < 6; block++) {
    head = { number: head.number + 1n, hash: `0x${(block + 100).toString(16).padStart(64, '0')}` }
    expect(await next.submit('i', [give(after)])).toEqual(pending)
  }
  await mine()
  expect([await balanceOf(hanging), await balanceOf(behind)]).toEqual([0n, 0n])
  expect(await next.submit('i', [give(after)])).toEqual(pending)
  await mine()
  expect(await next.submit('i', [give(after)])).toMatchObject(landed)
  expect(await balanceOf(after)).toBe(1n)
})

it('waits for what an earlier life left in the mempool before it sends anything of its own', async () => {
  const [before, after] = [receiver(), receiver()]
  await sender.submit('h', [give(before)])
  const next = newLife()
  expect(await next.submit('h', [give(after)])).toEqual(pending)
  await mine()
  expect([await balanceOf(before), await balanceOf(after)]).toEqual([1n, 0n])
  expect(await next.submit('h', [give(after)])).toEqual(pending)
  await mine()
  expect(await next.submit('h', [give(after)])).toMatchObject(landed)
  expect(await balanceOf(after)).toBe(1n)
})

it('says that an earlier life left something hanging, and that coin is missing to call it off', async () => {
  const told: string[] = []
  const note = (_: object, says: string): void => void told.push(says)
  await sender.submit('k', [give(receiver())])
  const next = newLife({ ...logger, info: note, warn: note } as typeof logger)
  await anvil.client.setBalance({ address: account.address, value: 1n })
  for (let block = 0; block < 6; block++) {
    head = { number: head.number + 1n, hash: `0x${(block + 200).toString(16).padStart(64, '0')}` }
    expect(await next.submit('k', [give(receiver())])).toEqual(pending)
  }
  expect(told).toEqual([
    expect.stringContaining('wait in the mempool'),
    expect.stringContaining('are called off'),
    expect.stringContaining('send coin to it'),
  ])
})
