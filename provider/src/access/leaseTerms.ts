// How the machine of a lease is reached, but for the secrets: what a renter is told, and at most as much as can be sealed.
import type { LeaseAccess } from '@worldland-aa/sdk/sealing/leaseAccess'

export type AccessPlace = {
  /** Of the public door, without a slash at its end. */
  readonly publicUrl: string
  readonly sshHost: string
  readonly sshPort: number
  /** `ssh-ed25519 AAAA…` */
  readonly sshHostKey: string
}

export type LeaseTerms = {
  readonly [field in 'ssh' | 'urls' | 'note']: NonNullable<LeaseAccess[field]>
}

/** Of what can be sealed, bytes: the rest is for the secrets and what holds them together. */
const mostTermsBytes = 860
const mostUrlCharacters = 512

export const userOf = (leaseId: bigint): string => `lease-${leaseId}`

export function leaseTerms(
  place: AccessPlace,
  lease: { readonly leaseId: bigint; readonly ports: readonly number[] },
): LeaseTerms {
  const { leaseId, ports } = lease
  const ssh = {
    host: place.sshHost,
    port: place.sshPort,
    user: userOf(leaseId),
    hostKey: place.sshHostKey,
  }
  const note = `Terminal: ${place.publicUrl}/leases/${leaseId}/terminal`.slice(0, mostUrlCharacters)
  for (let count = ports.length; count > 0; count--) {
    const urls = ports.slice(0, count).map(port => ({
      port,
      url: `${place.publicUrl}/leases/${leaseId}/ports/${port}/`,
    }))
    const terms = { ssh, urls, note: count === ports.length ? note : `${note} (more ports: same address)` }
    if (JSON.stringify(terms).length <= mostTermsBytes) return terms
  }
  return { ssh, urls: [], note }
}
