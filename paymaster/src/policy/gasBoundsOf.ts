// The gas that may be signed for, by the operator's settings and the network's fees of now.
import type { PaymasterConfig } from '../config.ts'
import { mostPreVerificationGas } from '../pricing/preVerificationGas.ts'
import type { GasBounds } from './gasLimits.ts'

export function gasBoundsOf(config: PaymasterConfig, feeBounds: GasBounds['feeBounds']): GasBounds {
  return {
    limits: {
      callGasLimit: BigInt(config.maxCallGasLimit),
      verificationGasLimit: BigInt(config.maxVerificationGasLimit),
      preVerificationGas: BigInt(config.maxPreVerificationGas),
      maxFeePerGas: config.maxFeePerGasWei,
      maxPriorityFeePerGas: config.maxPriorityFeePerGasWei,
    },
    feeBounds,
    mostPreVerificationGas: (operation, isPaidInErc20) =>
      mostPreVerificationGas(operation, {
        isPaidInErc20,
        isGuarded: config.guardedBundlers,
        slackPercent: config.preVerificationGasSlackPercent,
        maxSignatureBytes: config.maxSignatureBytes,
      }),
  }
}
