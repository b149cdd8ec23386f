// The operations that users send. One object each, which all bundlers share: who knows of it, and since when, is reckoned.
import type { ValidatedOperation } from '@worldland-aa/bundler/validation/validatedOperation'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, numberToHex, zeroHash } from 'viem'
import type { Calibration } from './calibration.ts'
import type { Random } from './random.ts'

export type Operation = {
  readonly index: number
  readonly validated: ValidatedOperation
  /** Has landed before this one can. */
  readonly predecessor: Operation | undefined
  readonly isSponsored: boolean
  /** Seconds at which its client handed it in. */
  readonly sentAt: number
  /** Height of the chain at that time. */
  readonly sentAtHeight: number
  /** Place of the bundler that it was handed to. */
  readonly entry: number
  /** Seconds at which all bundlers were told of it; infinite while the one that has it keeps it to itself. */
  publishedAt: number
}

export type OperationSource = {
  next(options: { seconds: number; height: number; entry: number }): Operation
}

const paymaster: Address = `0x${'fee'.padStart(40, '0')}`

export function createOperationSource(calibration: Calibration, random: Random): OperationSource {
  const { operations, chain, gas } = calibration
  const lastOf: (Operation | undefined)[] = []
  let made = 0

  function feesOf(): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
    const [least, most] = operations.premiumPercent
    const premium = 1 + (least + (most - least) * random.next()) / 100
    const maxPriorityFeePerGas = BigInt(Math.round(chain.bundleTipWei * premium))
    return { maxPriorityFeePerGas, maxFeePerGas: maxPriorityFeePerGas * 3n }
  }

  return {
    next({ seconds, height, entry }) {
      const index = made++
      const account = random.below(operations.senders)
      const predecessor = lastOf[account]
      const nonce = predecessor === undefined ? 0n : predecessor.validated.userOperation.nonce + 1n
      const isSponsored = random.next() < operations.sponsoredShare
      const sender = numberToHex(0xacc0_0000 + account, { size: 20 })
      const verifiedAt = { number: BigInt(height), hash: zeroHash }
      const preVerificationGas = BigInt(Math.round(gas.bundle / gas.expectedBundleOperations))
      const operation: Operation = {
        index,
        predecessor,
        isSponsored,
        entry,
        sentAt: seconds,
        sentAtHeight: height,
        publishedAt: Number.POSITIVE_INFINITY,
        validated: {
          userOperation: {
            sender,
            nonce,
            callData: '0x',
            callGasLimit: 60_000n,
            verificationGasLimit: 100_000n,
            preVerificationGas,
            signature: '0x',
            ...feesOf(),
          },
          userOperationHash: numberToHex(index + 1, { size: 32 }),
          entryPoint: entryPoint07Address,
          entities: {
            sender: { address: sender, stakeWei: 0n, unstakeDelaySeconds: 0, isStaked: false },
            ...(isSponsored && {
              paymaster: { address: paymaster, stakeWei: 1n, unstakeDelaySeconds: 86_400, isStaked: true },
            }),
          },
          validAfter: 0,
          validUntil: 0,
          prefundWei: 0n,
          verificationGasUsed: 60_000n,
          storage: {},
          codeHash: zeroHash,
          verifiedAt,
        },
      }
      lastOf[account] = operation
      return operation
    },
  }
}
