// The properties that random programs do the same on both EVMs: called, with enough gas and out of it anywhere;
// as initcode; and as plain reckoning.
import fc from 'fast-check'
import type { EvmFork } from '../../chains/evmFork.ts'
import type { Message } from '../message.ts'
import { expectAgreement } from './agreement.ts'
import { initcodeOf, programOf, reckoningOf } from './programs.ts'
import { contracts, createProgramWorld, sender } from './programWorld.ts'
import { testBlock } from './world.ts'

const fields = fc.record({
  gas: fc.oneof(
    { weight: 3, arbitrary: fc.constant(1_500_000n) },
    { weight: 1, arbitrary: fc.bigInt(60_000n, 400_000n) },
  ),
  valueWei: fc.constantFrom(0n, 0n, 7n),
  data: fc.uint8Array({ maxLength: 80 }).map(bytes => `0x${Buffer.from(bytes).toString('hex')}` as const),
})

/** Above all that intrinsic gas can be for `fields`. */
const leastGas = 26_000

export function calledProgramsAgree(fork: EvmFork) {
  const program = programOf(fork)
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  return fc.asyncProperty(
    fc.tuple(program, program, program),
    fields,
    share,
    async (codes, rest, shareOfGas) => {
      const world = createProgramWorld(codes)
      const whole: Message = { ...rest, from: sender, to: contracts[0], gasPriceWei: 11n }
      const { gasUsed, gasRefunded } = await expectAgreement({
        world,
        block: testBlock,
        fork,
        message: whole,
      })
      const spare = Math.max(0, Number(gasUsed + gasRefunded) - leastGas)
      const gas = BigInt(leastGas + Math.floor(shareOfGas * spare))
      await expectAgreement({ world, block: testBlock, fork, message: { ...whole, gas } })
    },
  )
}

export function initcodesAgree(fork: EvmFork) {
  return fc.asyncProperty(initcodeOf(fork), programOf(fork), fields, async (initcode, code, rest) => {
    const world = createProgramWorld([code, code, code])
    const data = `0x${Buffer.from(initcode).toString('hex')}` as const
    const message = { ...rest, data, from: sender, to: undefined }
    await expectAgreement({ world, block: testBlock, fork, message })
  })
}

export function reckoningsAgree(fork: EvmFork) {
  return fc.asyncProperty(reckoningOf(fork), async code => {
    const world = createProgramWorld([code])
    const message: Message = { from: sender, to: contracts[0], data: '0x', valueWei: 0n, gas: 100_000n }
    await expectAgreement({ world, block: testBlock, fork, message })
  })
}
