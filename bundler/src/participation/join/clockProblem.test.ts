import { describe, expect, it } from 'vitest'
import { clockProblem } from './clockProblem.ts'

describe('the clock a bundler joins with', () => {
  it('will do when the newest block is from the last minutes', () => {
    expect(clockProblem(1_000_000, 1_000_000n)).toBeUndefined()
    expect(clockProblem(1_000_000, 999_910n)).toBeUndefined()
  })
  it('will do when a miner put its block as far ahead as nodes allow', () => {
    expect(clockProblem(1_000_000, 1_000_015n)).toBeUndefined()
  })
  it('is behind when blocks come from the future', () => {
    expect(clockProblem(1_000_000, 1_003_600n)).toContain('3600 s in the future')
  })
  it('is ahead, or the node behind, when the newest block is older than any gap', () => {
    expect(clockProblem(1_000_000, 996_400n)).toContain('3600 s old')
  })
})
