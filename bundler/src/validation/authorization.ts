// May this EIP-7702 authorization go with its operation? What it says for itself is judged before anything is asked
// of the node; whether the chain would still take it, from the account's nonce and code.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, concatHex, type Hex, numberToHex, type SignedAuthorization, zeroAddress } from 'viem'
import { hashAuthorization } from 'viem/utils'
import { type EvmFork, isAtLeast } from '../chains/evmFork.ts'
import { ecrecover } from '../evm/precompiles/ecrecover.ts'
import { reject, rejectField } from './rejection.ts'
import type { Trace } from './trace.ts'
import type { UserOperation } from './validatedOperation.ts'

/** The chain that is to take them. */
export type AuthorizationTerms = { readonly chainId: number; readonly fork: EvmFork }

/** The account that an authorization speaks for, as the chain has it. */
export type Authority = {
  readonly nonce: bigint
  readonly codeBytes: number
  /** Whose code it runs already. */
  readonly delegate?: Address
}

const field = 'eip7702Auth'
const fine = accept(undefined)

/** What must hold even of one that is not signed yet. Without terms none is taken. */
export function checkAuthorizationTerms(
  { authorization }: UserOperation,
  terms: AuthorizationTerms | undefined,
): Result<void> {
  if (authorization === undefined) return fine
  if (terms === undefined || !isAtLeast(terms.fork, 'prague')) {
    return rejectField(
      field,
      'cannot be used: this chain has no EIP-7702 (its EVM is older than Prague)',
      'leave it out, and deploy the account by factory',
    )
  }
  const { chainId, address } = authorization
  // ERC-7769: for this chain, or for every chain.
  if (chainId !== 0 && chainId !== terms.chainId) {
    return rejectField(field, `is for the chainId ${chainId}`, `sign it for ${terms.chainId}, or for 0`)
  }
  if (address === zeroAddress) {
    return rejectField(field, 'delegates to the zero address', 'an account without code validates nothing')
  }
  return fine
}

/** Signed by the sender itself, as EIP-7702 has it: with the lesser of both values that `s` may have. */
export function checkAuthorizationSignature({ authorization, sender }: UserOperation): Result<void> {
  if (authorization === undefined) return fine
  const signer = signerOf(authorization)
  if (signer === sender.toLowerCase()) return fine
  return rejectField(
    field,
    signer === undefined ? 'is not signed' : `is signed by ${signer}`,
    `the sender ${sender} must sign it`,
  )
}

const greatestS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

function signerOf(authorization: SignedAuthorization): Address | undefined {
  const { r, s, yParity = 0 } = authorization
  if (BigInt(s) > greatestS) return undefined
  const words: Hex[] = [
    hashAuthorization(authorization),
    numberToHex(27 + yParity, { size: 32 }),
    numberToHex(BigInt(r), { size: 32 }),
    numberToHex(BigInt(s), { size: 32 }),
  ]
  const answer = ecrecover.run(bytesOf(concatHex(words)))
  return answer === undefined || answer.length === 0 ? undefined : hexOf(answer.subarray(12))
}

/** Whether the chain, when it takes the authorization, makes the account run its delegate's code by that. */
export function takesEffect(
  { nonce }: Pick<SignedAuthorization, 'nonce'>,
  authority: Authority | undefined,
): boolean {
  if (authority === undefined || (authority.codeBytes > 0 && authority.delegate === undefined)) return false
  return authority.nonce === BigInt(nonce)
}

/** The sender runs its delegate's code already, or will once the chain has taken the authorization. */
export function checkAuthority(
  { authorization, sender }: UserOperation,
  { authority }: Pick<Trace, 'authority'>,
): Result<void> {
  if (authorization === undefined || takesEffect(authorization, authority)) return fine
  const { address, nonce } = authorization
  if (authority?.delegate === address.toLowerCase()) return fine
  const isContract = (authority?.codeBytes ?? 0) > 0 && authority?.delegate === undefined
  const [problem, hint] = isContract
    ? ['the sender is a contract, which cannot delegate', 'leave eip7702Auth out']
    : [`its nonce is ${nonce}`, `sign it for the account's nonce, which is ${authority?.nonce}`]
  // It is well-formed; the chain would not take it, as the official suite has it too.
  return reject(rejectionCode.entryPoint, `${field}: ${problem}; ${hint}`, {
    field,
    entity: 'account',
    address: sender,
    hint,
  })
}
