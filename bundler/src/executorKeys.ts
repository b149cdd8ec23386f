// The executors' keys on the command line: `worldland-bundler keys`.
import type { KeysCommands } from '@worldland-aa/service/cli/keysCommands'
import { formatEther } from 'viem'
import { bundlerSettings } from './config.ts'

const leastWei = bundlerSettings.minimumExecutorBalanceWei.fallback ?? 0n

export const executorKeys: KeysCommands = {
  program: 'worldland-bundler',
  prefix: 'WORLDLAND_BUNDLER',
  example: 'executors.txt',
  purpose: "executors' keys",
  advice: `Send each some of the native coin, such as 0.5: below ${formatEther(leastWei)} it is set aside until it is refilled (--minimum-executor-balance-wei). What a bundle costs comes back with it, unless --beneficiary says where else. Then: start --executor-keys-file.`,
}
