// What of a lease's access everybody sees.
import { type Hex, hexToString } from 'viem'
import { accessEnvelope, isEnvelope } from './envelopeLayout.ts'

export type PublishedAccess =
  /** For `openAccess`. */
  | { readonly kind: 'sealed'; readonly bytes: Hex }
  /** Everybody can read it. It may hold any characters: think before you print it. */
  | { readonly kind: 'plain'; readonly bytes: Hex; readonly text: string }

export function readPublishedAccess(bytes: Hex): PublishedAccess {
  if (isEnvelope(accessEnvelope, bytes)) return { kind: 'sealed', bytes }
  return { kind: 'plain', bytes, text: hexToString(bytes) }
}
