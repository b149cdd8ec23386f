// How what is sealed lies on the chain; reading it takes no cryptography.
import { type Hex, isHex, size, slice } from 'viem'

/** Of the whole: anything else, such as the `{` of a text, is not sealed. */
export const envelopeVersion = '0x01'
export const envelopeVersionBytes = 1

export type EnvelopeKind = {
  /** HPKE's info: an envelope of one kind never opens as one of another. */
  readonly purpose: string
  /** How long an envelope may be, header included; the smallest that fits is taken. */
  readonly sizesBytes: readonly number[]
  /** In the clear behind the version, and bound to what is sealed. */
  readonly headerBytes: number
}

/** `0x01`, the access key (32 bytes, in the clear), the sealed request. The contract takes 4096 bytes. */
export const requestEnvelope: EnvelopeKind = {
  purpose: 'worldland.lease.request.v1',
  sizesBytes: [512, 1_024, 2_048, 4_096],
  headerBytes: 32,
}

/** `0x01`, the sealed access. The contract takes 1024 bytes. */
export const accessEnvelope: EnvelopeKind = {
  purpose: 'worldland.lease.access.v1',
  sizesBytes: [256, 512, 1_024],
  headerBytes: 0,
}

export function isEnvelope({ sizesBytes }: EnvelopeKind, bytes: Hex): boolean {
  return isHex(bytes) && bytes.startsWith(envelopeVersion) && sizesBytes.includes(size(bytes))
}

/** Whoever can read the chain can read it. */
export function headerOf({ headerBytes }: EnvelopeKind, envelope: Hex): Hex {
  if (headerBytes === 0) return '0x'
  return slice(envelope, envelopeVersionBytes, envelopeVersionBytes + headerBytes)
}
