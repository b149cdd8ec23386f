// What is executed and where: a call as eth_call takes it, within one block.
import type { Address, Hex } from 'viem'

export type BlockContext = {
  readonly number: bigint
  /** Seconds. */
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly baseFeePerGas: bigint
  /** From paris on prevRandao. EIP-4399 */
  readonly difficulty: bigint
  readonly coinbase: Address
  readonly chainId: bigint
  /** 1 unless told. EIP-7516 */
  readonly blobBaseFeePerGas?: bigint
}

/** The sender's balance must carry the value, and is not charged for gas. */
export type Message = {
  readonly from: Address
  /** Without it a contract is created, and `data` is its initcode. */
  readonly to: Address | undefined
  readonly data: Hex
  readonly valueWei: bigint
  /** Of which intrinsic gas is taken first. At most 2^32. */
  readonly gas: bigint
  /** What GASPRICE answers; 0 unless told. */
  readonly gasPriceWei?: bigint
}
