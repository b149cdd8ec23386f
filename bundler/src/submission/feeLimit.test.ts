import { parseGwei } from 'viem'
import { expect, it } from 'vitest'
import { baseFeeProblem, feeLimitFrom } from './feeLimit.ts'

const minimumPriorityFeePerGasWei = parseGwei('1')

it.each(['0', '0.0000001', '1'])('a limit of %s gwei, which miners never take, is refused', gwei => {
  const config = { maxFeePerGasWei: parseGwei(gwei) }
  expect(() => feeLimitFrom({ minimumPriorityFeePerGasWei }, config)).toThrow('nothing could ever be sent')
})

it('one above the least tip is taken, and a problem for as long as the base fee is above the rest', () => {
  const limit = feeLimitFrom({ minimumPriorityFeePerGasWei }, { maxFeePerGasWei: parseGwei('3') })
  expect(baseFeeProblem(limit, parseGwei('2'))).toBeUndefined()
  expect(baseFeeProblem(limit, parseGwei('2') + 1n)).toContain('until the base fee has fallen')
})
