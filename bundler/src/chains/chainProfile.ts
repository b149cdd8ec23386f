// Facts about a network that no RPC call answers, as data. A chain we do not know gets careful guesses.

export type ChainProfile = {
  readonly name: string
  /** Mean gap between blocks; on a proof-of-work chain one in twenty is three times as long: they are exponential. */
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

/** Six mean gaps: of four hundred exponential ones a single one is longer. */
export function longGapSeconds({ blockTimeSeconds }: ChainProfile): number {
  return 6 * blockTimeSeconds
}

export function chainProfileOf(chainId: number): ChainProfile {
  return profiles[chainId] ?? careful
}

/** What the operator set wins over what is known of the chain; 0 means: not set. */
export function settledProfile(
  chainId: number,
  config: Pick<ChainProfile, 'minimumPriorityFeePerGasWei' | 'finalityBlocks'>,
): ChainProfile {
  const profile = chainProfileOf(chainId)
  return {
    ...profile,
    finalityBlocks: config.finalityBlocks || profile.finalityBlocks,
    minimumPriorityFeePerGasWei: config.minimumPriorityFeePerGasWei || profile.minimumPriorityFeePerGasWei,
  }
}
