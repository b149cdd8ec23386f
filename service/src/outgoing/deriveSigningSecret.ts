// Secrets that webhooks are signed with, derived from one key: none has to be kept, and none says anything of another.
import { hkdfSync } from 'node:crypto'

/** `whsec_…`, as Standard Webhooks has it; the same for the same key and name. */
export function deriveSigningSecret(key: Uint8Array, name: string): string {
  const derived = hkdfSync('sha256', key, '', `webhook/${name}`, 32)
  return `whsec_${Buffer.from(derived).toString('base64')}`
}
