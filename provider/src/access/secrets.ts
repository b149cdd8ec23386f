// Secrets that let somebody into a machine: random, shown once, kept as their hash. Nobody guesses 128 bits, so a fast hash
// does.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const secretBytes = 16
/** Longer than any that is made; what is longer yet is not even hashed. */
const mostSecretCharacters = 64

export function makeSecret(): string {
  return randomBytes(secretBytes).toString('base64url')
}

/** SHA-256, in hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

export function isSecretOf(hash: string, given: string): boolean {
  if (given.length > mostSecretCharacters) return false
  return timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(hashSecret(given), 'hex'))
}
