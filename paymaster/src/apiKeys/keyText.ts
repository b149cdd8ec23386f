// An API key as text: `wlp_`, an id by which it is found, and a secret of 256 bits of which only a hash is kept. The
// secret is random, so that one round of SHA-256 is as good as any number.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export type KeyText = { readonly id: string; readonly secret: string }

const pattern = /^wlp_([a-z2-7]{12})_([A-Za-z0-9_-]{43})$/
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

export function makeKeyText(): KeyText & { readonly key: string } {
  const id = randomId()
  const secret = randomBytes(32).toString('base64url')
  return { id, secret, key: `wlp_${id}_${secret}` }
}

/** Sixty bits: enough to meet none twice, short enough to read out. */
export function randomId(): string {
  return [...randomBytes(12)].map(byte => alphabet[byte & 31]).join('')
}

export function readKeyText(key: string): KeyText | undefined {
  const [, id, secret] = pattern.exec(key) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Takes as long whether the first digit is wrong or the last. */
export function isSecretOf(secretHash: string, secret: string): boolean {
  return timingSafeEqual(Buffer.from(secretHash, 'hex'), Buffer.from(hashSecret(secret), 'hex'))
}
