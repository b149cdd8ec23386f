// Decodes what strangers send: only after it is seen to be what an encoder writes, so that the work is in proportion
// to the bytes, and no two decoders could read it differently.
import { type AbiParameter, type DecodeAbiParametersReturnType, decodeAbiParameters, type Hex } from 'viem'
import type { Sentence } from '../errors/sentences/sentence.ts'
import { type EncodingBounds, encodingInspector } from './encodingInspector.ts'

export type Decoded<Values> =
  | { readonly ok: true; readonly values: Values }
  | ({ readonly ok: false } & Sentence)

export function canonicalDecoder<const Parameters extends readonly AbiParameter[]>(
  parameters: Parameters,
  bounds: EncodingBounds,
): (encoded: Hex) => Decoded<DecodeAbiParametersReturnType<Parameters>> {
  const inspect = encodingInspector(parameters, bounds)
  return encoded => {
    const inspection = inspect(encoded)
    if (inspection.isCanonical) return { ok: true, values: decodeAbiParameters(parameters, encoded) }
    const { problem, remedy } = inspection
    return { ok: false, problem, remedy }
  }
}
