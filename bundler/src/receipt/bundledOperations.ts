// Reads the user operations out of the calldata of whoever bundled them: of handleOps itself, or of a contract that
// passes it on as it is. What stands there is a stranger's, so the work is bounded by its length.
import type { Address, Hash, Hex } from 'viem'
import { type BundlingFunction, maxBundleBytes } from '../entryPoint/bundleDecoder.ts'
import { guardSelector } from '../entryPoint/bundleGuard.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

export type BundledOperations = {
  readonly operations: ReadonlyMap<Hash, UserOperation>
  /** What it took to find them, in words of calldata. */
  readonly wordsRead: number
}

/** What looks like bundles and is none may be read as often as there are words, and no more. */
const readingsPerWord = 4

/** Each under the hash that the EntryPoint gives it; none where the calldata is too long to be looked through. */
export function bundledOperations(
  calldata: Hex,
  version: Pick<EntryPointVersion, 'selectors' | 'decode' | 'hash'>,
  domain: { readonly chainId: number; readonly entryPoint: Address },
): BundledOperations {
  const operations = new Map<Hash, UserOperation>()
  const words = Math.ceil((calldata.length - 2) / 64)
  let wordsRead = 0
  if (words > maxBundleBytes / 32) return { operations, wordsRead }
  let behind = 0
  for (const { name, from } of bundlingCalls(calldata.toLowerCase(), version)) {
    if (wordsRead > readingsPerWord * words) break
    // Part of what was read.
    if (from < behind) continue
    const decoded = version.decode(calldata, name, from)
    wordsRead += decoded.wordsRead
    if (decoded.found === undefined) continue
    behind = decoded.found.endsAt
    for (const operation of decoded.found.operations)
      operations.set(version.hash(operation, domain), operation)
  }
  return { operations, wordsRead }
}

/** Where the arguments of a call to the EntryPoint may begin in the calldata, in order. */
function* bundlingCalls(
  calldata: string,
  { selectors }: Pick<EntryPointVersion, 'selectors'>,
): Iterable<{ name: BundlingFunction; from: number }> {
  const next = (selector: Hex, from: number): number => {
    const at = calldata.indexOf(selector.slice(2), from)
    return at === -1 ? calldata.length : at
  }
  const { handleOps, handleAggregatedOps } = selectors
  const calls = Object.entries({ handleOps, handleAggregatedOps, guardedHandleOps: guardSelector }).map(
    ([name, selector]) => ({ name: name as BundlingFunction, selector, at: next(selector, 2) }),
  )
  for (;;) {
    const first = calls.reduce((one, other) => (other.at < one.at ? other : one))
    if (first.at >= calldata.length) return
    if (first.at % 2 === 0) yield { name: first.name, from: first.at / 2 - 1 + 4 }
    first.at = next(first.selector, first.at + 1)
  }
}
