// What a transaction does in its block: which operations land, and what gas that takes. The gas is the measured table's.
import type { Calibration } from '../calibration.ts'
import type { Operation } from '../operations.ts'
import type { Outcome, Transaction } from './block.ts'
import type { BranchState } from './branchState.ts'

export type GasTable = Calibration['gas']

export function executeTransaction(options: {
  transaction: Transaction
  state: BranchState
  height: number
  gas: GasTable
  /** Whether paymasters ask whose turn it is. */
  hasTurnNote: boolean
}): Outcome {
  const { transaction, state, height, gas } = options
  const { operations, guard } = transaction
  state.mine(transaction, height)
  if (transaction.kind === 'cancellation') return nothing('cancelled', gas.cancellation)

  function nothing(result: Outcome['result'], gasUsed: number): Outcome {
    return { transaction, gasUsed, wastedGas: gasUsed, landed: [], result }
  }

  /** AA25 otherwise: its nonce was used, or is not up yet. */
  function canLand(operation: Operation): boolean {
    if (state.landedAt(operation) !== undefined) return false
    return operation.predecessor === undefined || state.landedAt(operation.predecessor) !== undefined
  }

  function land(landed: readonly Operation[]): number {
    for (const operation of landed) state.land(operation, height)
    const notes = options.hasTurnNote ? landed.filter(({ isSponsored }) => isSponsored).length : 0
    return gas.bundle + gas.operation * landed.length + gas.turnNote * notes
  }

  if (guard === undefined) {
    const first = operations.findIndex(operation => !canLand(operation))
    if (first !== -1) return nothing('reverted', revertGas(gas, operations.length, first))
    return { transaction, gasUsed: land(operations), wastedGas: 0, landed: operations, result: 'landed' }
  }
  if (guard.lastBlock !== undefined && height > guard.lastBlock) {
    return nothing('nothing', gas.guardTooLate + gas.guardTooLateOperation * operations.length)
  }
  const landed = operations.filter(canLand)
  const staleGas = gas.guardStale * (operations.length - landed.length)
  if (landed.length === 0) return nothing('nothing', gas.guardNothingLeft + staleGas)
  const gasUsed = land(landed) + gas.guard + gas.guardOperation * landed.length + staleGas
  return { transaction, gasUsed, wastedGas: staleGas, landed, result: 'landed' }
}

/** Until the operation in that place failed. */
function revertGas(gas: GasTable, operations: number, failing: number): number {
  return gas.revert + gas.revertOperation * operations + gas.revertValidation * failing
}
