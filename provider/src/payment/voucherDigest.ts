// The hash that a voucher's signer signs: in WASM, for it is made at every request.
import { type SignedVoucher, voucherTypedData } from '@worldland-aa/sdk/actions/session/voucher'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { bytesOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import { domainSeparator, stringToBytes } from 'viem'

const typeHash = keccak256(
  stringToBytes(
    'Voucher(uint256 sessionId,uint256 rightId,uint96 cumulativeWei,uint64 sequence,uint64 units,bytes32 receiptsRoot)',
  ),
)
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

function word(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}
