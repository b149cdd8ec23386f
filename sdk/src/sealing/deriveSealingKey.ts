// A key pair out of a signature, for those who can give the same one again: nothing has to be kept then.
import { hkdf } from '@noble/hashes/hkdf'
import { sha256 } from '@noble/hashes/sha2'
import { bytesToHex, type Hex, hexToBytes, isHex, size, slice } from 'viem'
import type { TypedDataSigner } from '../account/typedDataSigner.ts'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { ComputeError } from '../errors/computeError.ts'
import { type SealingKey, toSealingKey } from './sealingKey.ts'

export type DeriveSealingKeyParameters = {
  readonly contracts: Pick<ComputeContracts, 'instanceLease'>
  readonly chainId: number
  /** The owner's key itself, not its smart account: an account may wrap what it signs. */
  readonly signer: TypedDataSigner
  /** One of several, for instance of a provider that renews its key. Default: 0. */
  readonly index?: number | undefined
}

/**
 * Derives a key pair from a signature of the market's own typed data. The signer is asked twice, and refused unless it
 * signs the same both times: keys of viem and most wallets do (RFC 6979), passkeys and keys shared among several
 * devices do not. Whoever gets that signature has the key: ask for it only on a page that may have it.
 *
 * @example
 * import { deriveSealingKey } from '@worldland-aa/sdk/sealing/deriveSealingKey'
 *
 * const accessKey = await deriveSealingKey({ contracts, chainId: 103, signer: owner })
 */
export async function deriveSealingKey(parameters: DeriveSealingKeyParameters): Promise<SealingKey> {
  const first = await scalarsSigned(parameters)
  if (first !== (await scalarsSigned(parameters))) {
    throw new ComputeError({
      problem: 'The signer signs the same text differently each time, so that no key can be derived from it.',
      remedy: 'Make a key by createSealingKey and keep it, for instance in an accessKeyStore.',
    })
  }
  return toSealingKey(bytesToHex(hkdf(sha256, hexToBytes(first), undefined, 'worldland.sealing.key.v1', 32)))
}

/** Without the recovery byte, which wallets write in two ways. */
async function scalarsSigned(parameters: DeriveSealingKeyParameters): Promise<Hex> {
  const { chainId, contracts, signer, index = 0 } = parameters
  const signature: unknown = await signer.signTypedData({
    domain: {
      name: 'WorldLand sealing key',
      version: '1',
      chainId,
      verifyingContract: contracts.instanceLease,
    },
    types: {
      SealingKey: [
        { name: 'owner', type: 'address' },
        { name: 'index', type: 'uint256' },
        { name: 'warning', type: 'string' },
      ],
    },
    primaryType: 'SealingKey',
    message: {
      owner: signer.address,
      index: BigInt(index),
      warning: 'Whoever has this signature can open what is sealed to you. Sign it only where you rent.',
    },
  })
  if (isHex(signature) && size(signature) === 65) return slice(signature, 0, 64)
  throw new ComputeError({
    problem: 'The signer does not answer with a signature of secp256k1 (65 bytes).',
    remedy: 'Give a key or wallet, not a passkey or smart account; for these make a key by createSealingKey.',
  })
}
