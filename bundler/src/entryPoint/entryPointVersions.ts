// Which EntryPoint stands at an address? Known by the address where it is the usual one, else the operator says.
import { type Address, isAddressEqual } from 'viem'
import { entryPoint06 } from './entryPoint06.ts'
import { entryPoint07 } from './entryPoint07.ts'
import { entryPoint08 } from './entryPoint08.ts'
import { entryPoint09 } from './entryPoint09.ts'
import type { EntryPointNumber, EntryPointVersion } from './entryPointVersion.ts'

export const entryPointVersions: Readonly<Record<EntryPointNumber, EntryPointVersion>> = {
  '0.6': entryPoint06,
  '0.7': entryPoint07,
  '0.8': entryPoint08,
  '0.9': entryPoint09,
}

/** `said` wins over the address. Throws with the remedy where neither tells. */
export function entryPointVersionOf(address: Address, said: EntryPointNumber | 'auto'): EntryPointVersion {
  const version =
    said === 'auto'
      ? Object.values(entryPointVersions).find(({ canonicalAddress }) =>
          isAddressEqual(canonicalAddress, address),
        )
      : entryPointVersions[said]
  if (version !== undefined) return version
  const numbers = Object.keys(entryPointVersions).join(', ')
  throw new Error(
    `${address} is not where any EntryPoint is usually kept: say which it is by --entry-point-version (${numbers})`,
  )
}
