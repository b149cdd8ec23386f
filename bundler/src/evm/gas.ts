// Prices that more than one instruction asks.

/** EIP-2929 */
export const coldAccountGas = 2600
export const coldSlotGas = 2100
export const warmGas = 100

/** What a call with value costs more, and what the callee has of it. */
export const valueGas = 9000
export const stipendGas = 2300
export const newAccountGas = 25_000

/** Of gas, all that a call may pass on. EIP-150 */
export function allButOne64th(gas: number): number {
  return gas - Math.floor(gas / 64)
}

/** EIP-3860 */
export const maxInitcodeBytes = 49_152
export const initcodeWordGas = 2
