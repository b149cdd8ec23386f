// By what a holder of a right shows a provider's gateway who asks, for what, and at which address: a statement signed off
// the chain. It costs nothing, holds for a few minutes, and is of no use to any other provider, lease or purpose.
import { type Address, type Hex, type TypedDataDomain, zeroHash } from 'viem'
import type { TypedDataSigner } from '../account/typedDataSigner.ts'

export type AccessStatement = {
  /** The lease's or session's id. */
  readonly agreementId: bigint
  /** Who holds the right. */
  readonly user: Address
  /** A word, and after a blank what it is about: `access`, `access ssh-ed25519 AAAA…`, `files`. */
  readonly purpose: string
  /** What the answer is to be sealed to; zero where nothing is. */
  readonly key: Hex
  /** Of the provider's address: `https://gpu.example`. */
  readonly origin: string
  /** Seconds since the Unix epoch. */
  readonly issuedAt: bigint
}

const types = {
  AccessStatement: [
    { name: 'agreementId', type: 'uint256' },
    { name: 'user', type: 'address' },
    { name: 'purpose', type: 'string' },
    { name: 'key', type: 'bytes32' },
    { name: 'origin', type: 'string' },
    { name: 'issuedAt', type: 'uint256' },
  ],
} as const

export type AccessStatementTypedData = {
  readonly domain: TypedDataDomain
  readonly types: typeof types
  readonly primaryType: 'AccessStatement'
  readonly message: AccessStatement
}

/** EIP-712. */
export function accessStatementTypedData(parameters: {
  readonly chainId: number
  readonly market: Address
  readonly statement: AccessStatement
}): AccessStatementTypedData {
  const { chainId, market, statement } = parameters
  return {
    domain: { name: 'WorldLand Provider Access', version: '1', chainId, verifyingContract: market },
    types,
    primaryType: 'AccessStatement',
    message: statement,
  }
}

export type SignAccessStatementParameters = {
  readonly chainId: number
  /** `contracts.instanceLease` or `contracts.serverlessSession`. */
  readonly market: Address
  readonly agreementId: bigint
  readonly purpose: string
  /** The provider's gateway; what stands behind its origin is not signed. */
  readonly url: string
  /** A holder of the right; a smart account must be deployed and speak ERC-1271. */
  readonly signer: TypedDataSigner
  /** A public key of `createSealingKey`, where the answer is to be sealed. */
  readonly key?: Hex | undefined
  /** Seconds since the Unix epoch. Default: now. */
  readonly issuedAt?: bigint | undefined
}
export type SignAccessStatementReturnType = {
  readonly statement: AccessStatement
  readonly signature: Hex
  /** For the header `Authorization`. */
  readonly authorization: string
}

/**
 * Signs what a provider's gateway asks of whoever holds a right. Pure: it asks no node.
 *
 * @example
 * import { signAccessStatement } from '@worldland-aa/sdk/serving/accessStatement'
 *
 * const { authorization } = await signAccessStatement({
 *   chainId: 103,
 *   market: contracts.instanceLease,
 *   agreementId: leaseId,
 *   purpose: 'logs',
 *   url: 'https://gpu.example',
 *   signer: account,
 * })
 * const logs = await fetch(`https://gpu.example/leases/${leaseId}/logs`, { headers: { authorization } })
 */
export async function signAccessStatement(
  parameters: SignAccessStatementParameters,
): Promise<SignAccessStatementReturnType> {
  const { chainId, market, agreementId, purpose, url, signer, key = zeroHash } = parameters
  const statement: AccessStatement = {
    agreementId,
    user: signer.address,
    purpose,
    key,
    origin: new URL(url).origin,
    issuedAt: parameters.issuedAt ?? BigInt(Math.floor(Date.now() / 1000)),
  }
  const signature = await signer.signTypedData(accessStatementTypedData({ chainId, market, statement }))
  return { statement, signature, authorization: toAccessAuthorization(statement, signature) }
}

/** What stands in the header `Authorization`: `Worldland`, and the statement with its signature as JSON in base64url. */
export function toAccessAuthorization(statement: AccessStatement, signature: Hex): string {
  const { agreementId, issuedAt, ...rest } = statement
  const json = JSON.stringify({
    ...rest,
    agreementId: agreementId.toString(),
    issuedAt: issuedAt.toString(),
    signature,
  })
  // Browsers have no Buffer, and Node's btoa takes Latin-1 alone.
  const bytes = Array.from(new TextEncoder().encode(json), byte => String.fromCharCode(byte)).join('')
  return `Worldland ${btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}
