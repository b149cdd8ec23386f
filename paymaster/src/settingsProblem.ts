// Settings that are each in range, and together serve nobody.
import { consoleOriginProblem } from './admin/consoleOrigin.ts'
import type { PaymasterConfig } from './config.ts'

type Bounds = Pick<
  PaymasterConfig,
  'consoleOrigin' | 'depositMinimumWei' | 'depositTargetWei' | 'maxFeePerGasWei' | 'usualPriorityFeePerGasWei'
>

/** With what to do about it. */
export function settingsProblem(config: Bounds): string | undefined {
  if (config.depositMinimumWei > config.depositTargetWei) {
    return 'depositMinimumWei is above depositTargetWei: lower the one or raise the other'
  }
  if (config.maxFeePerGasWei <= config.usualPriorityFeePerGasWei) {
    return 'maxFeePerGasWei does not exceed usualPriorityFeePerGasWei, so nothing that miners take would be signed for: raise the one or lower the other (100gwei is the default; a plain number is wei)'
  }
  return consoleOriginProblem(config.consoleOrigin)
}
