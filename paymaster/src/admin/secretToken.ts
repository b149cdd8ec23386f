// Secrets that are handed out once: the one who has it shows it, and only its hash is kept.
import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits, in letters that a URL and a cookie take. */
export function newSecretToken(): string {
  return randomBytes(32).toString('base64url')
}

/** For what has 256 random bits, a plain hash gives nothing away. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** No secret: names a row. */
export function newId(): string {
  return randomBytes(8).toString('hex')
}
