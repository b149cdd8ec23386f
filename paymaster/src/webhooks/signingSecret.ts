// The secrets that webhooks are signed with: all derived from one file, so that none lies in the database and none has to be
// read back. A rotation is the next generation of the same derivation.
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { writeNewPrivateFile } from '@worldland-aa/service/files/durableFile'
import { deriveSigningSecret } from '@worldland-aa/service/outgoing/deriveSigningSecret'

export type SigningSecrets = {
  /** `whsec_…`, as Standard Webhooks has it. */
  secretOf(endpointId: string, generation: number): string
  /** Tells files apart, and says nothing of what they hold. */
  readonly fingerprint: string
}

/** Made when it is missing, for its owner alone. Throws, with what to do, when it will not do. */
export function openSigningSecrets(path: string, options: { readonly mayBeOpen: boolean }): SigningSecrets {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    writeNewPrivateFile(path, `${randomBytes(32).toString('hex')}\n`)
  }
  const problem = options.mayBeOpen ? undefined : openFileProblem(path)
  if (problem !== undefined) throw new Error(problem)
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new Error(
      `${path} holds no secret for webhooks: it must be 64 hex digits. Put back the one that it was, or move it away to have one made; receivers then need new secrets`,
    )
  }
  return derivingFrom(Buffer.from(text, 'hex'))
}

export function derivingFrom(master: Buffer): SigningSecrets {
  return {
    secretOf: (endpointId, generation) => deriveSigningSecret(master, `${endpointId}/${generation}`),
    fingerprint: createHmac('sha256', master).update('fingerprint').digest('hex').slice(0, 16),
  }
}
