import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numberedAddress, validatedOperation } from '../testing/validated.ts'
import { bumped, checkReplacement } from './replacement.ts'

const operation = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) =>
  validatedOperation({ sender: numberedAddress(1), maxFeePerGas, maxPriorityFeePerGas }).userOperation
const fee = fc.bigInt({ min: 0n, max: 2n ** 64n })

describe('replacing an operation', () => {
  it('takes exactly the values that the refusal names, and not one wei less', () => {
    fc.assert(
      fc.property(fee, fee, (maxFee, tip) => {
        const waiting = operation(maxFee, tip)
        const enough = operation(bumped(maxFee, 10), bumped(tip, 10))
        expect(checkReplacement(waiting, enough, 10)).toBeUndefined()
        fc.pre(maxFee > 0n && tip > 0n)
        const short = checkReplacement(waiting, operation(bumped(maxFee, 10) - 1n, bumped(tip, 10)), 10)
        expect(short?.data).toMatchObject({
          field: 'maxFeePerGas',
          minimumMaxFeePerGas: bumped(maxFee, 10).toString(),
          minimumMaxPriorityFeePerGas: bumped(tip, 10).toString(),
        })
        expect(short?.message).toContain(bumped(maxFee, 10).toString())
        const shortTip = checkReplacement(waiting, operation(bumped(maxFee, 10), bumped(tip, 10) - 1n), 10)
        expect(shortTip?.data).toMatchObject({ field: 'maxPriorityFeePerGas' })
      }),
    )
  })

  it('asks for at least a tenth more, however it rounds', () => {
    fc.assert(fc.property(fee, value => bumped(value, 10) * 10n >= value * 11n))
  })
})
