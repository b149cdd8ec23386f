// Who owns a ComputeAccount, as the contract takes it: 20 bytes of an address or 64 of a P-256 public key.
import { type Address, type Hex, isHex, type LocalAccount, size, slice } from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { ComputeError } from '../errors/computeError.ts'

/** An address, a passkey's public key (x, y), or the account of viem that signs with either. */
export type ComputeAccountOwner =
  | Address
  | Hex
  | Pick<LocalAccount, 'address'>
  | Pick<WebAuthnAccount, 'publicKey'>

export function toOwnerBytes(owner: ComputeAccountOwner): Hex {
  const bytes: Hex = typeof owner === 'string' ? owner : 'address' in owner ? owner.address : owner.publicKey
  if (isHex(bytes) && (size(bytes) === addressBytes || size(bytes) === publicKeyBytes)) return bytes
  // Uncompressed, as SEC 1 writes it.
  if (isHex(bytes) && size(bytes) === publicKeyBytes + 1 && bytes.startsWith('0x04')) return slice(bytes, 1)
  throw new ComputeError({
    problem: `"${bytes}" cannot own an account.`,
    remedy: 'Give an address, or the 64 bytes (x, y) of a P-256 public key.',
  })
}

const addressBytes = 20
const publicKeyBytes = 64
