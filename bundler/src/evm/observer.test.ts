import fc from 'fast-check'
import { type Address, bytesToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { Code } from './code.ts'
import { execute } from './evm.ts'
import { instructionSetOf } from './instructionSet.ts'
import type { EvmObserver, Frame, FrameResult } from './observer.ts'
import { prepareHandleOps } from './testing/handleOps.ts'
import { type OracleStep, runOracle } from './testing/oracle.ts'
import { programOf } from './testing/programs.ts'
import { contracts, createProgramWorld, sender } from './testing/programWorld.ts'
import { createWorld, testBlock, type World } from './testing/world.ts'

function observer(given: Partial<EvmObserver>): EvmObserver {
  return {
    watched: new Uint8Array(256),
    counts: new Uint32Array(256),
    beforeStep() {},
    enter() {},
    exit() {},
    ...given,
  }
}

function stepOf(opcode: number, frame: Frame): OracleStep {
  const stack = Array.from({ length: frame.stackSize }, (_, index) => frame.peek(frame.stackSize - 1 - index))
  return {
    depth: frame.depth,
    pc: frame.pc,
    opcode,
    gasLeft: BigInt(frame.gasLeft),
    stack,
    address: frame.address,
  }
}

const caller: Address = '0x0000000000000000000000000000000000000aaa'
const callee: Address = '0x0000000000000000000000000000000000000bbb'
const other: Address = '0x0000000000000000000000000000000000000ccc'

function run(world: World, given: Partial<EvmObserver>, to: Address = callee, gas = 500_000n) {
  const message = { from: caller, to, data: '0x', valueWei: 0n, gas } as const
  return execute({ state: world, block: testBlock, fork: 'london', message, observer: observer(given) })
}

function worldOf(codes: Readonly<Record<Address, `0x${string}`>>): World {
  const world = createWorld()
  for (const [address, code] of Object.entries(codes)) {
    world.put(address as Address, { balance: 5n, nonce: 1n, code: Code.fromHex(code as `0x${string}`) })
  }
  return world
}

describe('an observer', () => {
  it('sees every step of handleOps as it is: depth, place, gas and the whole stack', async () => {
    const { world, message } = await prepareHandleOps({ deploys: true })
    const steps: OracleStep[] = []
    const all = observer({
      watched: new Uint8Array(256).fill(1),
      beforeStep: (opcode, frame) => void steps.push(stepOf(opcode, frame)),
    })
    execute({ state: world, block: testBlock, fork: 'london', message, observer: all })
    const expected: OracleStep[] = []
    await runOracle({ world, block: testBlock, fork: 'london', message, onStep: step => expected.push(step) })
    expect(steps.length).toBeGreaterThan(5000)
    expect(steps).toEqual(expected)
    const counts = new Uint32Array(256)
    for (const { opcode } of expected) counts[opcode] = (counts[opcode] as number) + 1
    expect(all.counts).toEqual(counts)
  })

  it('sees every step of random programs as it is', async () => {
    const { instructions } = instructionSetOf('osaka')
    const program = programOf('osaka')
    const property = fc.asyncProperty(fc.tuple(program, program, program), async codes => {
      const world = createProgramWorld(codes)
      const message = { from: sender, to: contracts[0], data: '0x', valueWei: 0n, gas: 100_000n } as const
      const steps: OracleStep[] = []
      // To tell of a REVERT, the oracle reads the memory before it is paid for.
      let isFollowable = true
      const all = observer({
        watched: new Uint8Array(256).fill(1),
        // The oracle does not tell of the STOP that follows all code, and calls all it does not know INVALID.
        beforeStep(opcode, frame) {
          const told = instructions[opcode] === undefined ? 0xfe : opcode
          if (opcode === 0xfd && frame.peek(0) + frame.peek(1) > 100_000n) isFollowable = false
          if (frame.pc < frame.code.length) steps.push(stepOf(told, frame))
        },
      })
      const request = { block: testBlock, fork: 'osaka', message } as const
      execute({ ...request, state: world, observer: all })
      if (!isFollowable) return
      const expected: OracleStep[] = []
      await runOracle({ ...request, world, onStep: step => expected.push(step) })
      expect(steps).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 80 })
  })

  it('enters and leaves each call below the outermost: of code, of a precompile, of nobody, and refused ones', () => {
    // Calls a creator that then fails, the identity, nobody, and itself with more value than it has; reverts.
    const call = (address: string, value: string) => `600060006004600060${value}61${address}5af1`
    const world = worldOf({
      [callee]: `0x${call('0ccc', '01')}${call('0004', '00')}${call('0ddd', '00')}${call('0bbb', '63')}60016000fd`,
      '0x0000000000000000000000000000000000000ccc': '0x30600052602060006000f0fe',
    })
    const seen: unknown[] = []
    const tell = ({ type, depth, address, caller: by, valueWei, input, isStatic }: Frame) => {
      return [
        type,
        depth,
        Number(address.slice(0, 12)) === 0 ? address.slice(-3) : 'new',
        by.slice(-3),
        valueWei,
        input.length,
        isStatic,
      ]
    }
    const result = run(
      world,
      {
        enter: frame => void seen.push(['enter', ...tell(frame)]),
        exit: (frame: Frame, { success, error, output }: FrameResult) => {
          seen.push(['exit', frame.depth, success, error, output.length])
        },
      },
      callee,
      20_000_000n,
    )
    expect(result.error).toBe('revert')
    expect(seen).toEqual([
      ['enter', 'CALL', 1, 'ccc', 'bbb', 1n, 4, false],
      ['enter', 'CREATE', 2, 'new', 'ccc', 0n, 32, false],
      ['exit', 2, true, undefined, 0],
      ['exit', 1, false, 'invalid opcode', 0],
      ['enter', 'CALL', 1, '004', 'bbb', 0n, 4, false],
      ['exit', 1, true, undefined, 4],
      ['enter', 'CALL', 1, 'ddd', 'bbb', 0n, 4, false],
      ['exit', 1, true, undefined, 0],
      ['enter', 'CALL', 1, 'bbb', 'bbb', 0x63n, 4, false],
      ['exit', 1, false, 'insufficient balance', 0],
    ])
  })

  it('is called for the opcodes it watches only, and for the first use of any since it changed the counts', () => {
    // Two additions here, one in the callee.
    const world = worldOf({
      [callee]: '0x600160020160030160006000600060006000610ccc5af100',
      '0x0000000000000000000000000000000000000ccc': '0x600160020100',
    })
    const watched = new Uint8Array(256)
    watched[0x01] = 1
    const steps: number[] = []
    const first: string[] = []
    const given: EvmObserver = observer({
      watched,
      beforeStep: (opcode, frame) => void steps.push(frame.depth * 256 + opcode),
      firstUse: (opcode, frame) => void first.push(`${frame.depth}:${opcode}`),
      enter() {
        given.counts = new Uint32Array(256)
      },
    })
    const message = { from: caller, to: callee, data: '0x', valueWei: 0n, gas: 500_000n } as const
    execute({ state: world, block: testBlock, fork: 'london', message, observer: given })
    expect(steps).toEqual([1, 1, 257])
    expect(first.filter(use => use.endsWith(':1'))).toEqual(['0:1', '1:1'])
    expect(given.counts[0x01]).toBe(1)
  })

  it('sees an instruction that fails, and reads zeros beyond stack and memory', () => {
    const seen: unknown[] = []
    const watched = new Uint8Array(256).fill(1)
    run(worldOf({ [callee]: '0x60ff60005301' }), {
      watched,
      beforeStep(opcode, frame) {
        if (opcode !== 0x01) return
        seen.push(frame.stackSize, frame.peek(0), frame.peekAddress(3), frame.memoryBytes)
        seen.push(bytesToHex(frame.readMemory(0, 2)), bytesToHex(frame.readMemory(31, 3)))
      },
    })
    expect(seen).toEqual([0, 0n, `0x${'00'.repeat(20)}`, 32, '0xff00', '0x000000'])
  })

  // EIP-214 does not say which comes first; geth charges for the instruction, then refuses it.
  it.each([
    ['SSTORE', '6001600055', 22_106],
    ['LOG1', '600160206000a1', 1_018],
    ['CREATE', '600060006000f0', 32_009],
    ['CREATE2', '6000600060006000f5', 32_012],
    ['SELFDESTRUCT', '32ff', 5_002],
    ['CALL with value', '60006000600060006001325af1', 9_119],
  ])(
    'sees a %s in a static call fail as a write, or, where it cannot be paid for, out of gas',
    (_, code, gas) => {
      const failureWith = (given: number): string | undefined => {
        const push = given.toString(16).padStart(4, '0')
        const failures: (string | undefined)[] = []
        const world = worldOf({
          [callee]: `0x600060006000600061${other.slice(-4)}61${push}fa00`,
          [other]: `0x${code}`,
        })
        run(world, { exit: (_, { error }) => void failures.push(error) })
        return failures[0]
      }
      expect(failureWith(gas)).toBe('static violation')
      expect(failureWith(gas - 1)).toBe('out of gas')
    },
  )
})
