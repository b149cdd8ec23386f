// Gas that a bundle asks for: more than it takes, as limits do.
import type { GasTable } from '../chain/execution.ts'
import type { Operation } from '../operations.ts'

const roomPercent = 150

export function bundleGas(gas: GasTable, operations: readonly Operation[]): number {
  const each = gas.operation + gas.guardOperation + gas.turnNote
  return Math.ceil(((gas.bundle + gas.guard + each * operations.length) * roomPercent) / 100)
}
