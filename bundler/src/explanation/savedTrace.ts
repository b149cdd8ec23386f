// A traced operation as a file, with all that judging it takes: explained again later, elsewhere, without a node.
// Bigints are written as digits and an n.
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EvmLevel } from '../chains/evmLevel.ts'
import type { EntryPointNumber } from '../entryPoint/entryPointVersion.ts'
import type { Examined } from '../validation/judgement.ts'

export type SavedTrace = {
  readonly chainId: number
  readonly entryPoint: Address
  readonly entryPointVersion: EntryPointNumber
  readonly evm: EvmLevel
  /** When it was traced, in seconds since the Unix epoch. */
  readonly presentSeconds: number
  readonly examined: Examined
}

const version = 1

export function writeSavedTrace({ examined, ...where }: SavedTrace): string {
  const codeHashes = [...examined.codeHashes]
  const content = { version, ...where, examined: { ...examined, codeHashes } }
  return JSON.stringify(content, (_, value) => (typeof value === 'bigint' ? `${value}n` : value), 2)
}

export function readSavedTrace(text: string): Result<SavedTrace> {
  try {
    const content = JSON.parse(text, (_, value) =>
      typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
    )
    if (content?.version === version && content.examined?.trace?.block !== undefined) {
      const { chainId, entryPoint, entryPointVersion, evm, examined } = content
      const { presentSeconds = Number(examined.trace.block.timestamp) } = content
      return accept({
        chainId,
        entryPoint,
        entryPointVersion,
        evm,
        presentSeconds,
        examined: { ...examined, codeHashes: new Map(examined.codeHashes) },
      })
    }
  } catch {
    // Refused below, like any other file that is none of ours.
  }
  return refuse({ code: 1, message: 'this is no trace that explain --save-trace has written' })
}
