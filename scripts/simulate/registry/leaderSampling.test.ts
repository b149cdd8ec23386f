import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { encodeAbiParameters, type Hash, keccak256 } from 'viem'
import { describe, expect, it } from 'vitest'
import { workspaceRoot } from '../../workspaceRoot.ts'
import { sampleLeaders } from './leaderSampling.ts'

type Vectors = { readonly tables: readonly { readonly epoch: number; readonly leaders: readonly number[] }[] }

/** As contracts/test/bundling/LeaderAndTurn.t.sol sets it. */
function seedOf(epoch: number): Hash {
  const parameters = [{ type: 'string' }, { type: 'uint256' }] as const
  return keccak256(encodeAbiParameters(parameters, ['seed', BigInt(epoch)]))
}

describe('the leaders of an epoch', () => {
  const path = join(workspaceRoot, 'contracts/test/vectors/leaderSchedule.json')
  const { tables } = JSON.parse(readFileSync(path, 'utf8')) as Vectors

  it.each([
    [41, 0],
    // Stored nine blocks late.
    [43, 3],
    [44, 0],
    [45, 0],
  ])('are in epoch %i those that the contract draws, from window %i on', (epoch, firstWindow) => {
    const weightsWei = [1n, 2n, 3n, 4n, 5n].map(times => times * 100n * 10n ** 18n)
    const drawn = sampleLeaders({ seed: seedOf(epoch), epoch, weightsWei, windows: 64, firstWindow })
    expect(drawn).toEqual(tables.find(table => table.epoch === epoch)?.leaders)
  })

  it('are drawn in proportion to their weight, and never without any', () => {
    const weight = fc.bigInt({ min: 0n, max: 1_000n })
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 20 }), fc.nat(1_000), (weightsWei, epoch) => {
        const leaders = sampleLeaders({ seed: seedOf(epoch), epoch, weightsWei, windows: 16 })
        expect(leaders).toHaveLength(weightsWei.every(wei => wei === 0n) ? 0 : 16)
        for (const id of leaders) expect(weightsWei[id - 1]).toBeGreaterThan(0n)
      }),
    )
    const leaders = sampleLeaders({ seed: seedOf(1), epoch: 1, weightsWei: [1n, 3n], windows: 4_000 })
    const share = leaders.filter(id => id === 2).length / leaders.length
    expect(share).toBeGreaterThan(0.72)
    expect(share).toBeLessThan(0.78)
  })
})
