import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { EvmFork } from '../chains/evmFork.ts'
import { calledProgramsAgree, initcodesAgree, reckoningsAgree } from './testing/programsAgree.ts'

const forks: readonly EvmFork[] = ['london', 'paris', 'shanghai', 'cancun', 'prague', 'osaka']

describe('random programs', () => {
  for (const fork of forks) {
    it(`do the same on both EVMs when called, with enough gas and out of it anywhere: ${fork}`, async () => {
      await fc.assert(calledProgramsAgree(fork), { numRuns: fork === 'london' ? 400 : 120 })
    })

    it(`do the same on both EVMs as initcode: ${fork}`, async () => {
      await fc.assert(initcodesAgree(fork), { numRuns: 50 })
    })
  }

  for (const fork of ['london', 'osaka'] satisfies EvmFork[]) {
    it(`reckon the same on both EVMs: ${fork}`, async () => {
      await fc.assert(reckoningsAgree(fork), { numRuns: 200 })
    })
  }
})
