// What of a renter's request everybody sees.
import { type Hex, size, slice } from 'viem'
import {
  envelopeVersion,
  envelopeVersionBytes,
  headerOf,
  isEnvelope,
  requestEnvelope,
} from './envelopeLayout.ts'

/** `none`: nothing is asked for, but perhaps that the access be sealed. `unknown`: of another version, or no request. */
export type PublishedRequest = {
  readonly kind: 'none' | 'sealed' | 'unknown'
  /** What the access is to be sealed to. */
  readonly accessPublicKey: Hex | undefined
}

export function readPublishedRequest(bytes: Hex): PublishedRequest {
  if (bytes === '0x') return { kind: 'none', accessPublicKey: undefined }
  if (isEnvelope(requestEnvelope, bytes)) {
    return { kind: 'sealed', accessPublicKey: headerOf(requestEnvelope, bytes) }
  }
  if (
    bytes.startsWith(envelopeVersion) &&
    size(bytes) === envelopeVersionBytes + requestEnvelope.headerBytes
  ) {
    return { kind: 'none', accessPublicKey: slice(bytes, envelopeVersionBytes) }
  }
  return { kind: 'unknown', accessPublicKey: undefined }
}
