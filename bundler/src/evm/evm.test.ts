import { type Address, type Hex, hexToBytes } from 'viem'
import { describe, expect, it } from 'vitest'
import type { EvmFork } from '../chains/evmFork.ts'
import { Code } from './code.ts'
import { type ExecutionRequest, execute } from './evm.ts'
import type { Message } from './message.ts'
import { StepLimitExceeded } from './stepLimitExceeded.ts'
import { expectAgreement } from './testing/agreement.ts'
import { createWorld, slotKey, testBlock, type World } from './testing/world.ts'

const from: Address = '0x0000000000000000000000000000000000000aaa'
const contract: Address = '0x0000000000000000000000000000000000000bbb'
const other: Address = '0x0000000000000000000000000000000000000ccc'

function worldOf(code: Hex, storage: Map<Hex, bigint> = new Map()): World {
  const world = createWorld()
  world.put(from, { balance: 10n ** 18n })
  world.put(contract, { nonce: 1n, code: Code.fromHex(code), storage })
  return world
}

function messageOf(fields: Partial<Message> = {}): Message {
  return { from, to: contract, data: '0x', valueWei: 0n, gas: 1_000_000n, ...fields }
}

function run(world: World, fields: Partial<Message> = {}, more: Partial<ExecutionRequest> = {}) {
  return execute({ state: world, block: testBlock, fork: 'london', message: messageOf(fields), ...more })
}

async function agree(world: World, fields: Partial<Message> = {}, fork: EvmFork = 'london') {
  return await expectAgreement({ world, block: testBlock, fork, message: messageOf(fields) })
}

describe('execute', () => {
  it('tells what has changed, and nothing that is as before', () => {
    // Sets slot 1 to 7, slot 2 to 0, slot 3 to what it is; sends 1 wei on.
    const code: Hex = `0x60076001556000600255${'6005600355'}6000600060006000600161${other.slice(-4)}5af100`
    const storage = new Map([
      [slotKey(2n), 9n],
      [slotKey(3n), 5n],
    ])
    const { changes, gasRefunded, success } = run(worldOf(code, storage), { valueWei: 3n })
    expect(success).toBe(true)
    expect(gasRefunded).toBe(4800n)
    expect(changes).toEqual(
      new Map([
        [from, { balance: 10n ** 18n - 3n, nonce: 1n, storage: new Map(), destroyed: false }],
        [
          contract,
          {
            balance: 2n,
            storage: new Map([
              [slotKey(1n), 7n],
              [slotKey(2n), 0n],
            ]),
            destroyed: false,
          },
        ],
        [other, { balance: 1n, storage: new Map(), destroyed: false }],
      ]),
    )
  })

  it('refuses a message that no block could hold, without running it', () => {
    const world = worldOf('0x00')
    expect(run(world, { gas: 20_999n })).toMatchObject({ error: 'intrinsic gas too low', gasUsed: 0n })
    expect(run(world, { gas: 21_000n })).toMatchObject({ success: true, gasUsed: 21_000n })
    expect(run(world, { valueWei: 10n ** 18n + 1n })).toMatchObject({
      error: 'insufficient balance',
      gasUsed: 0n,
    })
    const large = { to: undefined, data: `0x${'00'.repeat(49_153)}` as const, gas: 5_000_000n }
    expect(run(world, large, { fork: 'shanghai' })).toMatchObject({
      error: 'initcode too large',
      gasUsed: 0n,
    })
    expect(run(world, large).success).toBe(true)
    expect(() => run(world, { gas: 2n ** 32n + 1n })).toThrow(RangeError)
  })

  it('knows an address in whatever case it is told', () => {
    const shouting = (address: Address) => `0x${address.slice(2).toUpperCase()}` as const
    // BALANCE of coinbase, caller and itself: each is warm.
    const world = worldOf('0x41315033315030315000')
    const quiet = run(world, {}, { fork: 'shanghai' })
    const block = { ...testBlock, coinbase: shouting(testBlock.coinbase) }
    const fields = { from: shouting(from), to: shouting(contract) }
    expect(run(world, fields, { fork: 'shanghai', block })).toEqual(quiet)
    expect(quiet.gasUsed).toBe(21_000n + 3n * (2n + 100n + 2n))
  })

  it('charges calldata at least what its floor is, from prague on', () => {
    const data = `0x${'01'.repeat(1000)}${'00'.repeat(100)}` as const
    const world = worldOf('0x00')
    expect(run(world, { data }).gasUsed).toBe(21_000n + 16_000n + 400n)
    expect(run(world, { data }, { fork: 'prague' }).gasUsed).toBe(21_000n + 10n * 4100n)
    expect(run(world, { data, gas: 61_999n }, { fork: 'prague' }).error).toBe('intrinsic gas too low')
  })

  it('stores nothing with a stipend, were it enough or not', async () => {
    // Storing what is there costs 2200.
    const world = worldOf('0x600060005500')
    const before = 21_000n + 6n
    expect((await agree(world, { gas: before + 2300n })).error).toBe('out of gas')
    expect((await agree(world, { gas: before + 2301n })).success).toBe(true)
  })

  it('stops after as many steps as it was told, wherever they are', () => {
    const loop = worldOf('0x5b600056')
    expect(() => run(loop, {}, { stepLimit: 1000 })).toThrow(StepLimitExceeded)
    const three = worldOf('0x5b5b00')
    expect(run(three, {}, { stepLimit: 3 }).success).toBe(true)
    expect(() => run(three, {}, { stepLimit: 2 })).toThrow(StepLimitExceeded)
    // The identity of nothing costs 15 gas.
    const identity = worldOf('0x600060006000600060045afa00')
    expect(run(identity, {}, { stepLimit: 8 + 5 * 15 }).success).toBe(true)
    expect(() => run(identity, {}, { stepLimit: 7 + 5 * 15 })).toThrow(StepLimitExceeded)
  })

  it('tells how many steps there were, also where they were too many', () => {
    const told: number[] = []
    const onSteps = (steps: number): void => void told.push(steps)
    run(worldOf('0x5b5b00'), {}, { onSteps })
    run(worldOf('0x600060006000600060045afa00'), {}, { onSteps })
    expect(() => run(worldOf('0x5b600056'), {}, { stepLimit: 1000, onSteps })).toThrow(StepLimitExceeded)
    expect(told).toEqual([3, 8 + 5 * 15, 1000])
  })

  it('follows calls as deep as gas takes them, and stays off the stack of JavaScript', async () => {
    // Calls itself with all gas; at each depth adds one to slot 0.
    const code: Hex = `0x6001600054016000556000600060006000600061${contract.slice(-4)}5af100`.replace(
      ' ',
      '',
    ) as Hex
    // 63/64 a level: so much is left at depth 1024 only of far more than any block has.
    const { success, changes } = run(worldOf(code), { gas: 2n ** 32n })
    expect(success).toBe(true)
    const depth = changes.get(contract)?.storage.get(slotKey(0n)) ?? 0n
    expect(depth).toBeGreaterThan(700n)
    await agree(worldOf(code), { gas: 100_000_000n })
  })

  it('fails out of gas on absurd memory, before it takes any', async () => {
    const absurd = ['63ffffffff', '6bffffffffffffffffffffffff', '630fffffff', `7f${'ff'.repeat(32)}`]
    for (const size of absurd) {
      for (const body of [
        `${size}51`,
        `6001${size}6000f3`,
        `${size}600020`,
        `${size}60006000f0`,
        `${size}6000a0`,
      ]) {
        await agree(worldOf(`0x${body}`))
        expect(run(worldOf(`0x${body}`), { gas: 2n ** 32n }).error).toBe('out of gas')
      }
    }
  })
})

describe('creation', () => {
  const returning = (length: number, first = 0) =>
    `0x60${first.toString(16).padStart(2, '0')}60005362${length.toString(16).padStart(6, '0')}6000f3` as Hex

  it('takes the code if it is paid for, not too large, and does not begin with 0xef', async () => {
    const create = (data: Hex, gas = 10_000_000n) => agree(worldOf('0x'), { to: undefined, data, gas })
    expect((await create(returning(24_576))).success).toBe(true)
    expect((await create(returning(24_577))).error).toBe('code too large')
    expect((await create(returning(1, 0xef))).error).toBe('code begins with 0xef')
    expect((await create(returning(1000), 100_000n)).error).toBe('code store out of gas')
  })

  it('fails where a contract is already', () => {
    const world = worldOf('0x')
    // What the sender's first contract gets for an address.
    const address = run(world, { to: undefined, data: returning(1) }).changes.keys()
    const created = [...address].find(known => known !== from) as Address
    world.put(created, { nonce: 1n })
    expect(run(world, { to: undefined, data: returning(1) })).toMatchObject({
      error: 'address collision',
      gasUsed: 1_000_000n,
    })
  })
})

describe('a delegation', () => {
  it('runs the delegate on the account, from prague on', async () => {
    const world = worldOf(`0x30600055${'00'}`)
    const code = new Code(hexToBytes(`0xef0100${contract.slice(2)}`))
    world.put(other, { nonce: 1n, code })
    const result = await agree(world, { to: other }, 'prague')
    expect(result.changes.get(other)?.storage.get(slotKey(0n))).toBe(BigInt(other))
    expect((await agree(world, { to: other }, 'cancun')).error).toBe('invalid opcode')
  })
})
