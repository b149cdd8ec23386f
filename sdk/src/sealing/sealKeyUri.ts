// Where a provider's public key stands: in the fragment of its metadata URI, so on the chain. Nothing has to be
// fetched, and whoever serves the page behind the URI cannot exchange the key: only the provider's account can.
import type { Hex } from 'viem'
import { ComputeError } from '../errors/computeError.ts'
import { isSealingKey } from './isSealingKey.ts'

/**
 * The key that renters seal their requests to; undefined if the URI names none.
 *
 * @example
 * import { sealKeyOf } from '@worldland-aa/sdk/sealing/sealKeyUri'
 *
 * const sealKey = sealKeyOf(provider.metadataUri)
 */
export function sealKeyOf(metadataUri: string): Hex | undefined {
  const key = parametersOf(metadataUri).get(parameterName)
  return isSealingKey(key) ? key : undefined
}

/**
 * Puts a public key of `createSealingKey` into a metadata URI, in the place of the one that is there.
 *
 * @example
 * import { withSealKey } from '@worldland-aa/sdk/sealing/sealKeyUri'
 *
 * const metadataUri = withSealKey('https://provider.example/about.json', sealingKey.publicKey)
 */
export function withSealKey(metadataUri: string, sealKey: Hex): string {
  if (!isSealingKey(sealKey)) {
    throw new ComputeError({
      problem: `The seal key "${String(sealKey).slice(0, 80)}" is not 32 bytes of hex.`,
      remedy: 'Give the public key of createSealingKey.',
    })
  }
  const parameters = parametersOf(metadataUri)
  parameters.set(parameterName, sealKey)
  return `${metadataUri.split('#', 1)[0]}#${parameters}`
}

const parameterName = 'sealKey'

function parametersOf(uri: string): URLSearchParams {
  const start = uri.indexOf('#')
  return new URLSearchParams(start === -1 ? '' : uri.slice(start + 1))
}
