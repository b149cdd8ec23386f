// The hash that a voucher's signer signs, and whose key signed it: in WASM, for it is done at every request. Exactly what
// OpenZeppelin's ECDSA takes: what it refuses could not be redeemed.
import { instantiateSecp256k1 } from '@bitauth/libauth/build/lib/crypto/secp256k1.js'
import { type SignedVoucher, voucherTypedData } from '@worldland-aa/sdk/actions/session/voucher'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import { type Address, domainSeparator, getAddress, type Hex, stringToBytes } from 'viem'

const secp256k1 = await instantiateSecp256k1()
const typeHash = keccak256(
  stringToBytes(
    'Voucher(uint256 sessionId,uint256 rightId,uint96 cumulativeWei,uint64 sequence,uint64 units,bytes32 receiptsRoot)',
  ),
)
/** Half the order of the curve: a signature whose s lies above has a twin, and is refused. */
const greatestS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

export type VoucherDigest = (voucher: SignedVoucher['voucher']) => Uint8Array

/** Of the vouchers of one chain and contract. */
export function createVoucherDigest(of: {
  readonly contracts: ComputeContracts
  readonly chainId: number
}): VoucherDigest {
  const anyVoucher = { sessionId: 0n, rightId: 0n, cumulativeWei: 0n, sequence: 0n, units: 0n }
  const { domain } = voucherTypedData({ ...of, voucher: anyVoucher })
  const prefix = Buffer.concat([Buffer.from([0x19, 0x01]), bytesOf(domainSeparator({ domain }))])
  return voucher => {
    const struct = keccak256(
      Buffer.concat([
        typeHash,
        word(voucher.sessionId),
        word(voucher.rightId),
        word(voucher.cumulativeWei),
        word(voucher.sequence),
        word(voucher.units),
        bytesOf(voucher.receiptsRoot),
      ]),
    )
    return keccak256(Buffer.concat([prefix, struct]))
  }
}

/** Undefined: no key signed this. */
export function recoverSigner(digest: Uint8Array, signature: Hex): Address | undefined {
  const bytes = bytesOf(signature)
  const parity = (bytes[64] ?? 0) - 27
  if (bytes.length !== 65 || (parity !== 0 && parity !== 1)) return undefined
  if (BigInt(hexOf(bytes.slice(32, 64))) > greatestS) return undefined
  const key = secp256k1.recoverPublicKeyUncompressed(bytes.slice(0, 64), parity, digest)
  return typeof key === 'string' ? undefined : getAddress(hexOf(keccak256(key.subarray(1)).slice(12)))
}

function word(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}
