// Facts about a network that no RPC call answers, as data. A chain we do not know gets careful guesses.

import type { Address } from 'viem'
import { type EvmLevel, londonEvm } from './evmLevel.ts'
import type { Fork } from './fork.ts'

export type ChainProfile = {
  readonly name: string
  readonly evm: EvmLevel
  /** Mean gap between blocks; gaps on a proof-of-work chain are exponential around it. */
  readonly blockTimeSeconds: number
  /** Lowest tip that miners take. */
  readonly minimumPriorityFeePerGasWei: bigint
  /** A node refuses a transaction whose gasLimit × maxFeePerGas is above it (geth --rpc.txfeecap). */
  readonly transactionFeeCapWei: bigint
  readonly maxTransactionBytes: number
  /** What a node grants eth_call and tracing (geth --rpc.gascap). */
  readonly rpcGasCap: bigint
  /** Depth at which an inclusion counts as final. */
  readonly finalityBlocks: number
  /** How much dearer a replacement must be (geth --txpool.pricebump), in percent. */
  readonly replacementBumpPercent: number
}

const gwei = 10n ** 9n
const coin = 10n ** 18n

const careful: ChainProfile = {
  name: 'unknown chain',
  // What a chain lacks is harmful to assume; what it has, --fork tells.
  evm: londonEvm,
  blockTimeSeconds: 10,
  minimumPriorityFeePerGasWei: gwei,
  transactionFeeCapWei: coin,
  maxTransactionBytes: 128 * 1024,
  rpcGasCap: 50_000_000n,
  finalityBlocks: 12,
  replacementBumpPercent: 10,
}

/** Seoul mainnet 103, Gwangju testnet 10395, Mio 10396: London EVM, proof of work, no finality gadget. */
const profiles: Readonly<Record<number, ChainProfile>> = {
  103: { ...careful, name: 'WorldLand' },
  10395: { ...careful, name: 'WorldLand Gwangju' },
  10396: { ...careful, name: 'WorldLand Mio' },
}

export function chainProfileOf(chainId: number): ChainProfile {
  return profiles[chainId] ?? careful
}

/** What the operator says of the chain's EVM goes before what is known of it. */
export function settledEvm(
  { evm }: ChainProfile,
  given: { readonly fork: Fork | 'profile'; readonly extraPrecompiles: readonly Address[] },
): EvmLevel {
  return {
    fork: given.fork === 'profile' ? evm.fork : given.fork,
    extraPrecompiles: [...evm.extraPrecompiles, ...given.extraPrecompiles],
  }
}
