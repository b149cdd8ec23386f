import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ExecutionResult, execute } from './evm.ts'
import { type EvmState, MissingState, type StateNeed } from './state.ts'
import { prepareHandleOps } from './testing/handleOps.ts'
import { programOf } from './testing/programs.ts'
import { contracts, createProgramWorld, sender } from './testing/programWorld.ts'
import { testBlock, type World } from './testing/world.ts'

/** Knows only what was asked for once. */
function forgetful(world: World): { state: EvmState; learn(need: StateNeed): void } {
  const known = new Set<string>()
  const check = (need: StateNeed) => {
    if (!known.has(keyOf(need))) throw new MissingState(need)
  }
  const account = (address: `0x${string}`) => check({ kind: 'account', address })
  return {
    learn: need => known.add(keyOf(need)),
    state: {
      balance(address) {
        account(address)
        return world.balance(address)
      },
      nonce(address) {
        account(address)
        return world.nonce(address)
      },
      code(address) {
        account(address)
        return world.code(address)
      },
      codeHash(address) {
        account(address)
        return world.codeHash(address)
      },
      storage(address, slot) {
        check({ kind: 'slot', address, slot })
        return world.storage(address, slot)
      },
      blockHash(number) {
        check({ kind: 'blockHash', number })
        return world.blockHash(number)
      },
    },
  }
}

function keyOf(need: StateNeed): string {
  return JSON.stringify(need, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

type Request = Omit<Parameters<typeof execute>[0], 'state'>

/** Executes until nothing is missing; one need is learnt each time. */
function executeByAndBy(world: World, request: Request): { result: ExecutionResult; needs: StateNeed[] } {
  const { state, learn } = forgetful(world)
  const needs: StateNeed[] = []
  for (;;) {
    try {
      return { result: execute({ ...request, state }), needs }
    } catch (error) {
      if (!(error instanceof MissingState)) throw error
      needs.push(error.need)
      learn(error.need)
    }
  }
}

describe('missing state', () => {
  it('is asked for from any depth, and once there gives what would have come at once', async () => {
    const { world, message } = await prepareHandleOps({ deploys: true })
    const request = { block: testBlock, fork: 'london', message } as const
    const { result, needs } = executeByAndBy(world, request)
    expect(result).toEqual(execute({ ...request, state: world }))
    expect(result.success).toBe(true)
    expect(new Set(needs.map(keyOf)).size).toBe(needs.length)
    expect(needs.filter(need => need.kind === 'slot').length).toBeGreaterThan(2)
    expect(needs.filter(need => need.kind === 'account').length).toBeGreaterThan(4)
  })

  it('makes no difference to what random programs do', () => {
    const program = programOf('prague')
    fc.assert(
      fc.property(fc.tuple(program, program, program), codes => {
        const world = createProgramWorld(codes)
        const message = { from: sender, to: contracts[0], data: '0x', valueWei: 0n, gas: 300_000n } as const
        const request = { block: testBlock, fork: 'prague', message } as const
        expect(executeByAndBy(world, request).result).toEqual(execute({ ...request, state: world }))
      }),
      { numRuns: 150 },
    )
  })
})
