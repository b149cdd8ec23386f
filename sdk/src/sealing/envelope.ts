// What lies on the chain for one pair of eyes: a version, a sealed message, padded so that its length tells little.
import { bytesToHex, concat, type Hex, hexToBytes, numberToHex, size } from 'viem'
import { ComputeError } from '../errors/computeError.ts'
import {
  type EnvelopeKind,
  envelopeVersion,
  envelopeVersionBytes,
  headerOf,
  isEnvelope,
} from './envelopeLayout.ts'
import { hpkeOpen, hpkeOverheadBytes, hpkeSeal } from './hpke.ts'
import { sealingKeyBytes } from './sealingKey.ts'

const lengthBytes = 2

/** Longest message that fits. */
export function capacityBytes({ sizesBytes, headerBytes }: EnvelopeKind): number {
  return Math.max(...sizesBytes) - envelopeVersionBytes - headerBytes - hpkeOverheadBytes - lengthBytes
}

export function sealEnvelope(
  kind: EnvelopeKind,
  options: { to: Hex; header: Hex; associated: Hex; message: Uint8Array },
): Hex {
  const { to, header, associated, message } = options
  const overheadBytes = envelopeVersionBytes + kind.headerBytes + hpkeOverheadBytes
  const sizeBytes = kind.sizesBytes.find(bytes => overheadBytes + lengthBytes + message.length <= bytes)
  if (sizeBytes === undefined) {
    throw new ComputeError({
      problem: `What is to be sealed is ${message.length} bytes long; ${capacityBytes(kind)} fit.`,
      remedy: 'Leave something out, or put it behind a link that only its reader can open.',
    })
  }
  const padded = new Uint8Array(sizeBytes - overheadBytes)
  new DataView(padded.buffer).setUint16(0, message.length)
  padded.set(message, lengthBytes)
  const sealed = sealTo(to, { message: padded, ...boundTo(kind, header, associated) })
  return concat([envelopeVersion, header, bytesToHex(sealed)])
}

/** Undefined: not sealed to this key for this, or altered. */
export function openEnvelope(
  kind: EnvelopeKind,
  options: { privateKey: Hex; associated: Hex; envelope: Hex },
): Uint8Array | undefined {
  const { privateKey, associated, envelope } = options
  if (!isEnvelope(kind, envelope)) return undefined
  const padded = hpkeOpen({
    privateKey: sealingKeyBytes(privateKey, 'private'),
    sealed: hexToBytes(envelope).subarray(envelopeVersionBytes + kind.headerBytes),
    ...boundTo(kind, headerOf(kind, envelope), associated),
  })
  if (padded === undefined) return undefined
  const length = new DataView(padded.buffer, padded.byteOffset).getUint16(0)
  if (lengthBytes + length > padded.length) return undefined
  return padded.subarray(lengthBytes, lengthBytes + length)
}

function boundTo({ purpose }: EnvelopeKind, header: Hex, associated: Hex) {
  return {
    info: new TextEncoder().encode(purpose),
    associated: hexToBytes(concat([numberToHex(size(header), { size: 2 }), header, associated])),
  }
}

/** A public key of low order would make the secret one that everybody knows. */
function sealTo(to: Hex, options: Omit<Parameters<typeof hpkeSeal>[0], 'to'>): Uint8Array {
  const bytes = sealingKeyBytes(to, 'public')
  try {
    return hpkeSeal({ ...options, to: bytes })
  } catch (cause) {
    throw new ComputeError({
      problem: `The public key ${to} is one that nobody can seal to.`,
      remedy: 'Have its owner make one by createSealingKey.',
      cause,
    })
  }
}
