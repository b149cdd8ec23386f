// Judges each attempt of an SSH client to say who it is: by the password that is good once, or by a key.
import ssh2, { type AuthContext, type PublicKeyAuthContext } from 'ssh2'
import type { Outcome } from '../../outcome.ts'
import type { Admission, Admitted, Credential } from '../admission.ts'
import { sshKeyText } from '../sshKeyText.ts'

/** `unproven`: a key that may do, and is to be signed with. `again`: another way may do. */
export type Judgement =
  | { readonly kind: 'admitted'; readonly guest: Admitted }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'again' }

const userPattern = /^lease-([1-9][0-9]{0,28})$/

/** Throws where the node does not answer. */
export async function judgeAttempt(admission: Admission, context: AuthContext): Promise<Judgement> {
  const leaseId = leaseIdOf(context.username)
  if (leaseId === undefined) return { kind: 'again' }
  if (context.method === 'password') return judged(await admission.admit(leaseId, context))
  if (context.method !== 'publickey') return { kind: 'again' }
  const sshKey = sshKeyText(`${context.key.algo} ${context.key.data.toString('base64')}`)
  if (sshKey === undefined || !admission.knowsKey(leaseId, sshKey)) return { kind: 'again' }
  if (context.signature === undefined) return { kind: 'unproven' }
  if (!isSigned(context)) return { kind: 'again' }
  const credential: Credential = { sshKey }
  return judged(await admission.admit(leaseId, credential))
}

function leaseIdOf(user: string): bigint | undefined {
  const digits = userPattern.exec(user)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

function isSigned({ key, blob, signature, hashAlgo }: PublicKeyAuthContext): boolean {
  const parsed = ssh2.utils.parseKey(`${key.algo} ${key.data.toString('base64')}`)
  if (parsed instanceof Error || blob === undefined || signature === undefined) return false
  // It answers an error, not false, where the signature is of another kind than the key.
  return parsed.verify(blob, signature, hashAlgo) === true
}

function judged(outcome: Outcome<Admitted, unknown>): Judgement {
  return outcome.ok ? { kind: 'admitted', guest: outcome.value } : { kind: 'again' }
}
