// The access to a machine, sealed to a public key of the renter's, or of anybody else who may use the lease, and
// bound to the lease.
import { concat, type Hex, numberToHex } from 'viem'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { openEnvelope, sealEnvelope } from './envelope.ts'
import { accessEnvelope } from './envelopeLayout.ts'
import { decodeLeaseAccess, encodeLeaseAccess, type LeaseAccess } from './leaseAccess.ts'
import { ShapeError } from './shape.ts'
import type { Unopened } from './unopened.ts'

type Binding = {
  readonly contracts: Pick<ComputeContracts, 'instanceLease'>
  readonly chainId: number
  readonly leaseId: bigint
}

export type SealAccessParameters = Binding & {
  /** The lease's access key, or that of a right's holder. */
  readonly to: Hex
  readonly access: LeaseAccess
}

/**
 * Seals an access, for `readyLease` or for a holder of a right who asks the provider's gateway for it.
 *
 * @example
 * import { sealAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
 *
 * const sealed = sealAccess({
 *   contracts,
 *   chainId: 103,
 *   leaseId: 1n,
 *   to: accessPublicKey,
 *   access: { ssh: { host: 'gpu7.provider.example', port: 22_007, user: 'renter' } },
 * })
 */
export function sealAccess(parameters: SealAccessParameters): Hex {
  return sealEnvelope(accessEnvelope, {
    to: parameters.to,
    header: '0x',
    associated: bindingOf(parameters),
    message: encodeLeaseAccess(parameters.access),
  })
}

export type OpenAccessParameters = Binding & {
  readonly sealedAccess: Hex
  readonly privateKey: Hex
}
export type OpenAccessReturnType = { readonly ok: true; readonly access: LeaseAccess } | Unopened

/**
 * Opens an access.
 *
 * @example
 * import { openAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
 *
 * const opened = openAccess({ contracts, chainId: 103, leaseId: 1n, sealedAccess, privateKey: accessKey.privateKey })
 * if (opened.ok) console.log(opened.access.ssh)
 */
export function openAccess(parameters: OpenAccessParameters): OpenAccessReturnType {
  const { sealedAccess, privateKey } = parameters
  const message = openEnvelope(accessEnvelope, {
    privateKey,
    associated: bindingOf(parameters),
    envelope: sealedAccess,
  })
  if (message === undefined) {
    return {
      ok: false,
      problem: 'The access is not sealed to this key for this lease, or was altered.',
      remedy: 'Open it with the access key that was made for this lease.',
    }
  }
  try {
    return { ok: true, access: decodeLeaseAccess(message) }
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    return {
      ok: false,
      problem: `The access was opened, but it is none: ${error.message}`,
      remedy: 'Ask the provider, or stop the lease: what is unused comes back.',
    }
  }
}

function bindingOf({ chainId, contracts, leaseId }: Binding): Hex {
  return concat([
    numberToHex(chainId, { size: 32 }),
    contracts.instanceLease,
    numberToHex(leaseId, { size: 32 }),
  ])
}
