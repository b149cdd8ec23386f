// What pays for serverless use: a voucher, signed off the chain, that replaces the one before it.
import { type Address, type Hex, type TypedDataDomain, zeroHash } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'

export type Voucher = {
  readonly sessionId: bigint
  /** The right whose budget pays: the session's root (`rootRightOf`), or one granted from it. */
  readonly rightId: bigint
  /** All that was ever owed through this right, token wei; at most `units` at the session's price. */
  readonly cumulativeWei: bigint
  /** Rises with every voucher of the right. */
  readonly sequence: bigint
  /** Seconds of use that it pays for, in all. */
  readonly units: bigint
  /** Merkle root of what was served for it. Default: none. */
  readonly receiptsRoot?: Hex | undefined
}

/** As the contract redeems it. */
export type SignedVoucher = {
  readonly voucher: Required<{ readonly [field in keyof Voucher]: NonNullable<Voucher[field]> }>
  /** A holder of the voucher's right. */
  readonly signer: Address
  readonly signature: Hex
}

const types = {
  Voucher: [
    { name: 'sessionId', type: 'uint256' },
    { name: 'rightId', type: 'uint256' },
    { name: 'cumulativeWei', type: 'uint96' },
    { name: 'sequence', type: 'uint64' },
    { name: 'units', type: 'uint64' },
    { name: 'receiptsRoot', type: 'bytes32' },
  ],
} as const

export type VoucherTypedData = {
  readonly domain: TypedDataDomain
  readonly types: typeof types
  readonly primaryType: 'Voucher'
  readonly message: SignedVoucher['voucher']
}

/** EIP-712, as `ServerlessSession.hashOf` has it. */
export function voucherTypedData(
  parameters: WithContracts & { readonly chainId: number; readonly voucher: Voucher },
): VoucherTypedData {
  const { contracts, chainId, voucher } = parameters
  return {
    domain: {
      name: 'WorldLand Serverless Session',
      version: '1',
      chainId,
      verifyingContract: contracts.serverlessSession,
    },
    types,
    primaryType: 'Voucher',
    message: { ...voucher, receiptsRoot: voucher.receiptsRoot ?? zeroHash },
  }
}
