// Lets in whoever knocks with a secret or a key that was handed out, while the right behind it holds.
import type { Address } from 'viem'
import type { Outcome } from '../outcome.ts'
import type { Grant } from './grant.ts'
import type { GrantBook } from './grantBook.ts'

export type Credential =
  /** Good once, for a shell. */
  | { readonly password: string }
  /** `ssh-ed25519 AAAA…`, whose signature was verified. */
  | { readonly sshKey: string }
  | { readonly token: string }

export type Admitted = { readonly leaseId: bigint; readonly user: Address }
export type AdmissionRefusal = { readonly status: 401 | 403; readonly message: string }

export type Admission = {
  /** Throws where the node does not answer. */
  admit(leaseId: bigint, credential: Credential): Promise<Outcome<Admitted, AdmissionRefusal>>
  /** Whether a key opens anything, before its holder is asked to sign by it. */
  knowsKey(leaseId: bigint, sshKey: string): boolean
}

export function createAdmission(options: {
  readonly grants: Pick<GrantBook, 'byPassword' | 'usePassword' | 'byToken' | 'bySshKey'>
  readonly isAuthorized: (leaseId: bigint, user: Address) => Promise<boolean>
}): Admission {
  const { grants, isAuthorized } = options

  function find(leaseId: bigint, credential: Credential): Grant | undefined {
    if ('password' in credential) return grants.byPassword(leaseId, credential.password)
    if ('token' in credential) return grants.byToken(leaseId, credential.token)
    return grants.bySshKey(leaseId, credential.sshKey)
  }

  return {
    async admit(leaseId, credential) {
      const grant = find(leaseId, credential)
      if (grant === undefined) {
        return refused(401, `This opens nothing of lease ${leaseId}: ask for access anew (askLeaseAccess)`)
      }
      if (!(await isAuthorized(leaseId, grant.user))) {
        return refused(403, `The right to lease ${leaseId} behind this no longer holds`)
      }
      if ('password' in credential && !(await grants.usePassword(grant))) {
        return refused(401, 'The password is good once, and was used')
      }
      return { ok: true, value: { leaseId, user: grant.user } }
    },
    knowsKey: (leaseId, sshKey) => grants.bySshKey(leaseId, sshKey) !== undefined,
  }
}

function refused(status: AdmissionRefusal['status'], message: string): Outcome<never, AdmissionRefusal> {
  return { ok: false, refusal: { status, message } }
}
