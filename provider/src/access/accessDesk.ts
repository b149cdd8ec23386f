// Hands out the access to machines: to the payer with `ready`, and to any holder of a right who asks. Secrets leave it
// sealed to their reader, and stay here as hashes.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import { sealAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
import { type Address, type Hex, stringToHex } from 'viem'
import type { Outcome } from '../outcome.ts'
import type { GrantBook } from './grantBook.ts'
import type { LeaseBook } from './leaseBook.ts'
import { type AccessPlace, leaseTerms } from './leaseTerms.ts'
import { makeSecret } from './secrets.ts'
import { sshKeyText } from './sshKeyText.ts'

export type LeaseToReach = {
  readonly leaseId: bigint
  readonly payer: Address
  /** What came with the request; undefined where the renter gave none. */
  readonly accessPublicKey: Hex | undefined
  /** Of the machine, that may be reached. */
  readonly ports: readonly number[]
  /** One line of `~/.ssh/*.pub`. */
  readonly sshPublicKey?: string | undefined
}

export type AccessDesk = {
  /** What to publish with `ready`. Idempotent: the same lease has the same bytes, also after a restart. */
  prepare(lease: LeaseToReach): Promise<Hex>
  /** Fresh secrets for a holder of a right, sealed to the key. */
  ask(holder: {
    readonly leaseId: bigint
    readonly user: Address
    readonly key: Hex
    readonly sshPublicKey?: string | undefined
  }): Promise<
    Outcome<{ readonly sealedAccess: Hex }, { readonly status: 400 | 404 | 429; readonly message: string }>
  >
}

export function createAccessDesk(options: {
  readonly contracts: Pick<ComputeContracts, 'instanceLease'>
  readonly chainId: number
  /** Known once the doors are open. */
  readonly place: () => AccessPlace
  readonly grants: GrantBook
  readonly leases: LeaseBook
  /** Whether the chain's lease of that id is the one that is served here. */
  readonly isServed: (leaseId: bigint) => Promise<boolean>
}): AccessDesk {
  const { contracts, chainId, place, grants, leases, isServed } = options

  /** Undefined for a key that nobody can seal to. */
  async function issue(
    lease: Pick<LeaseToReach, 'leaseId' | 'ports'>,
    to: { readonly user: Address; readonly key: Hex; readonly sshKey: string | undefined },
  ): Promise<Hex | undefined> {
    const { leaseId } = lease
    const terms = leaseTerms(place(), lease)
    const [password, token] = [makeSecret(), makeSecret()]
    const access = { ...terms, ssh: { ...terms.ssh, password }, token }
    const sealed = seal({ contracts, chainId, leaseId, to: to.key, access })
    if (sealed === undefined) return undefined
    await grants.add({ leaseId, user: to.user, password, token, sshKey: to.sshKey })
    return sealed
  }

  return {
    async prepare(lease) {
      const { leaseId, payer, ports, accessPublicKey } = lease
      const sshKey = lease.sshPublicKey === undefined ? undefined : sshKeyText(lease.sshPublicKey)
      // A reorg may give the id to another lease: it is the same only with the same payer and key.
      const terms = JSON.stringify({
        ...leaseTerms(place(), lease),
        ports,
        payer: payer.toLowerCase(),
        accessPublicKey,
        sshKey,
      })
      const known = leases.find(leaseId)
      if (known?.terms === terms) return known.published
      const sealed =
        accessPublicKey === undefined
          ? undefined
          : await issue(lease, { user: payer, key: accessPublicKey, sshKey })
      if (sealed === undefined && sshKey !== undefined) await grants.add({ leaseId, user: payer, sshKey })
      const published = sealed ?? openNote(place(), leaseId)
      await leases.put({ leaseId, payer: payer.toLowerCase(), terms, ports, published })
      return published
    },
    async ask({ leaseId, user, key, sshPublicKey }) {
      const lease = leases.find(leaseId)
      if (lease === undefined || !(await isServed(leaseId))) {
        return refused(
          404,
          `No machine of lease ${leaseId} is served here: is it the right provider, and ready?`,
        )
      }
      const sshKey = sshPublicKey === undefined ? undefined : sshKeyText(sshPublicKey)
      if (sshPublicKey !== undefined && sshKey === undefined) {
        return refused(400, 'The SSH key is no public key as OpenSSH writes it: give a line of ~/.ssh/*.pub')
      }
      // The payer's own place is nobody else's to take.
      if (user.toLowerCase() !== lease.payer && !grants.hasRoomFor(leaseId, user)) {
        return refused(
          429,
          'As many people as one machine lets in have its access already: ask again when the right of one has ended',
        )
      }
      const sealedAccess = await issue(lease, { user, key, sshKey })
      if (sealedAccess === undefined) {
        return refused(
          400,
          'Nobody can seal to the key of the statement: give a public key of createSealingKey',
        )
      }
      return { ok: true, value: { sealedAccess } }
    },
  }
}

/** For a renter who gave no key to seal to: everybody can read it, so it holds no secret. */
function openNote({ publicUrl }: AccessPlace, leaseId: bigint): Hex {
  return stringToHex(JSON.stringify({ ask: `${publicUrl}/leases/${leaseId}/access` }))
}

function seal(parameters: Parameters<typeof sealAccess>[0]): Hex | undefined {
  try {
    return sealAccess(parameters)
  } catch (error) {
    // A stranger chose the key.
    if (error instanceof ComputeError) return undefined
    throw error
  }
}

function refused(
  status: 400 | 404 | 429,
  message: string,
): Outcome<never, { status: 400 | 404 | 429; message: string }> {
  return { ok: false, refusal: { status, message } }
}
