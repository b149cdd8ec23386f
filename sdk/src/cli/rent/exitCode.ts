// What the command ends with, by the scheme of docs/exit-codes.md: whether trying again may help.
import { ComputeError } from '../../errors/computeError.ts'
import { SettingError } from './settingError.ts'
import { StateBusyError } from './stateLock.ts'
import { UsageError } from './usageError.ts'

export function exitCodeOf(failure: unknown): 1 | 64 | 69 | 78 {
  if (failure instanceof UsageError) return 64
  if (failure instanceof SettingError) return 78
  if (failure instanceof StateBusyError) return 69
  return failure instanceof ComputeError && failure.source === 'network' ? 69 : 1
}
