// Encryption to a public key as RFC 9180 (HPKE) has it: base mode, one message a key, DHKEM(X25519, HKDF-SHA256),
// HKDF-SHA256, ChaCha20Poly1305. On the curves and ciphers that viem brings: it works where WebCrypto does not
// (pages that are not served by HTTPS), and at once.
import { chacha20poly1305 } from '@noble/ciphers/chacha'
import { x25519 } from '@noble/curves/ed25519'
import { expand, extract } from '@noble/hashes/hkdf'
import { sha256 } from '@noble/hashes/sha2'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils'

export const hpkeKeyBytes = 32
// What a sealed message is longer than the message: the encapsulated key and the tag.
export const hpkeOverheadBytes = hpkeKeyBytes + 16

type Message = {
  /** What the message is for; both sides know it (RFC 9180, 5.1). */
  readonly info: Uint8Array
  /** What it is bound to; both sides know it. */
  readonly associated: Uint8Array
}

/** RFC 9180, 6.1 SealBase: the encapsulated key, then the ciphertext. Throws for a public key of low order. */
export function hpkeSeal(
  options: Message & {
    readonly to: Uint8Array
    readonly message: Uint8Array
    /** For the RFC's own examples: a second message by the same one gives both away. */
    readonly ephemeralPrivateKey?: Uint8Array | undefined
  },
): Uint8Array {
  const { to, message, ephemeralPrivateKey = x25519.utils.randomPrivateKey() } = options
  const encapsulated = x25519.getPublicKey(ephemeralPrivateKey)
  const shared = x25519.getSharedSecret(ephemeralPrivateKey, to)
  const cipher = cipherOf({ ...options, shared, encapsulated, recipient: to })
  return concatBytes(encapsulated, cipher.encrypt(message))
}

/** RFC 9180, 6.1 OpenBase; undefined if it was not sealed to this key for this, or was altered. */
export function hpkeOpen(
  options: Message & { readonly privateKey: Uint8Array; readonly sealed: Uint8Array },
): Uint8Array | undefined {
  const { privateKey, sealed } = options
  const encapsulated = sealed.subarray(0, hpkeKeyBytes)
  const recipient = x25519.getPublicKey(privateKey)
  try {
    const shared = x25519.getSharedSecret(privateKey, encapsulated)
    const cipher = cipherOf({ ...options, shared, encapsulated, recipient })
    return cipher.decrypt(sealed.subarray(hpkeKeyBytes))
  } catch {
    return undefined
  }
}

type Encapsulation = {
  readonly shared: Uint8Array
  readonly encapsulated: Uint8Array
  readonly recipient: Uint8Array
}

function cipherOf({ info, associated, ...encapsulation }: Message & Encapsulation) {
  const { key, nonce } = keySchedule(info, sharedSecret(encapsulation))
  return chacha20poly1305(key, nonce, associated)
}

/** RFC 9180, 4.1 ExtractAndExpand. */
function sharedSecret({ shared, encapsulated, recipient }: Encapsulation): Uint8Array {
  const context = concatBytes(encapsulated, recipient)
  const secret = labeledExtract(kemSuite, { salt: empty, label: 'eae_prk', key: shared })
  return labeledExpand(kemSuite, { secret, label: 'shared_secret', info: context, bytes: 32 })
}

/** RFC 9180, 5.1 KeySchedule in base mode; the first message's nonce is the base nonce. */
function keySchedule(info: Uint8Array, shared: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const extractOf = (label: string, key: Uint8Array, salt: Uint8Array = empty) =>
    labeledExtract(suite, { salt, label, key })
  const context = concatBytes(
    new Uint8Array([baseMode]),
    extractOf('psk_id_hash', empty),
    extractOf('info_hash', info),
  )
  const secret = extractOf('secret', empty, shared)
  return {
    key: labeledExpand(suite, { secret, label: 'key', info: context, bytes: 32 }),
    nonce: labeledExpand(suite, { secret, label: 'base_nonce', info: context, bytes: 12 }),
  }
}

const empty = new Uint8Array()
const baseMode = 0
const version = utf8ToBytes('HPKE-v1')
const kemSuite = concatBytes(utf8ToBytes('KEM'), new Uint8Array([0x00, 0x20]))
const suite = concatBytes(utf8ToBytes('HPKE'), new Uint8Array([0x00, 0x20, 0x00, 0x01, 0x00, 0x03]))

/** RFC 9180, 4. */
function labeledExtract(
  suiteId: Uint8Array,
  { salt, label, key }: { salt: Uint8Array; label: string; key: Uint8Array },
): Uint8Array {
  return extract(sha256, concatBytes(version, suiteId, utf8ToBytes(label), key), salt)
}

function labeledExpand(
  suiteId: Uint8Array,
  options: { secret: Uint8Array; label: string; info: Uint8Array; bytes: number },
): Uint8Array {
  const { secret, label, info, bytes } = options
  const length = new Uint8Array([bytes >> 8, bytes & 0xff])
  return expand(sha256, secret, concatBytes(length, version, suiteId, utf8ToBytes(label), info), bytes)
}
