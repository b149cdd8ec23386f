// Where ERC-7562 was read otherwise when an EntryPoint was new, and the official suite for it still does.
import type { EntryPointNumber } from '../entryPoint/entryPointVersion.ts'
import type { ValidationLimits } from './limits.ts'

/** `unstakedContext`: whether an unstaked paymaster may return context, or as the version has it. */
export function versionLimits(
  version: EntryPointNumber,
  unstakedContext: 'auto' | 'true' | 'false',
): Pick<ValidationLimits, 'allowUnstakedPaymasterContext' | 'stakedFactoryVouchesForPaymaster'> {
  return {
    allowUnstakedPaymasterContext:
      unstakedContext === 'auto' ? version === '0.7' : unstakedContext === 'true',
    stakedFactoryVouchesForPaymaster: version !== '0.6' && version !== '0.7',
  }
}
