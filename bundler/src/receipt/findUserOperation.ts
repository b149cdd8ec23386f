// Reads a user operation out of the calldata of whoever bundled it.
import type { Address, Hex } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

/** The operation of this sender and nonce; also when a contract stands between the bundler and the EntryPoint. */
export function findUserOperation(
  calldata: Hex,
  { sender, nonce }: { sender: Address; nonce: bigint },
  version: Pick<EntryPointVersion, 'selectors' | 'decode'>,
): UserOperation | undefined {
  for (const call of bundlingCalls(calldata, version)) {
    const found = version
      .decode(call)
      .find(operation => operation.sender.toLowerCase() === sender.toLowerCase() && operation.nonce === nonce)
    if (found !== undefined) return found
  }
  return undefined
}

/** Wherever a call to the EntryPoint may begin in the calldata. */
function* bundlingCalls(calldata: Hex, { selectors }: Pick<EntryPointVersion, 'selectors'>): Iterable<Hex> {
  for (const selector of [selectors.handleOps, selectors.handleAggregatedOps]) {
    const bytes = selector.slice(2)
    for (let at = calldata.indexOf(bytes, 2); at !== -1; at = calldata.indexOf(bytes, at + 1)) {
      if (at % 2 === 0) yield `0x${calldata.slice(at)}`
    }
  }
}
