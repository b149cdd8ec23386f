// Reads one provider: its bond, and its record as the markets themselves keep it.
import {
  type Address,
  type Client,
  type GetBlockNumberErrorType,
  type Hex,
  type ReadContractErrorType,
  zeroAddress,
} from 'viem'
import { getBlockNumber, readContract } from 'viem/actions'
import * as providerRegistry from '../../abi/providerRegistry.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { sealKeyOf } from '../../sealing/sealKeyUri.ts'

export type GetProviderParameters = WithContracts & {
  readonly provider: Address
  /** Whose records to count. Default: this market's InstanceLease and ServerlessSession. */
  readonly markets?: readonly Address[] | undefined
  /** The block to read at; the latest one by default. */
  readonly blockNumber?: bigint | undefined
}
/** How agreements ended. Anybody can lease from itself: weigh a record by what it cost. */
export type ProviderScore = {
  /** Served, stopped and paid. */
  readonly completed: number
  /** Accepted, then not made ready in time. */
  readonly lapsed: number
  /** Pings answered in time. */
  readonly answeredPings: number
  /** Ended by a slash. */
  readonly faults: number
}
export type Provider = {
  readonly provider: Address
  /** Where its earnings go. */
  readonly payout: Address
  readonly metadataUri: string
  /** The public key in it, which requests are sealed to (`sealRentalRequest`). */
  readonly sealKey: Hex | undefined
  /** All it has staked, token wei. */
  readonly bondWei: bigint
  /** Held by markets against running leases and sessions, token wei. */
  readonly lockedWei: bigint
  /** What a market could lock now, token wei. */
  readonly availableWei: bigint
  /** The part of the bond that waits to leave, and the first block in which it may. */
  readonly unstaking: { readonly amountWei: bigint; readonly withdrawableBlock: bigint } | undefined
  readonly score: ProviderScore
  /** The block all this was read at. */
  readonly blockNumber: bigint
}
/** Undefined: it never registered. */
export type GetProviderReturnType = Provider | undefined
export type GetProviderErrorType = GetBlockNumberErrorType | ReadContractErrorType

/**
 * Returns a provider and its score.
 *
 * @example
 * import { getProvider } from '@worldland-aa/sdk/actions/market/getProvider'
 *
 * const provider = await getProvider(publicClient, { contracts, provider: offer.provider })
 * console.log(provider?.score.completed, provider?.score.faults)
 */
export async function getProvider(
  client: Client | SmartAccountClient,
  parameters: GetProviderParameters,
): Promise<GetProviderReturnType> {
  const { contracts, provider } = parameters
  const markets = parameters.markets ?? [contracts.instanceLease, contracts.serverlessSession]
  const chainClient = chainClientOf(client)
  const blockNumber = parameters.blockNumber ?? (await getBlockNumber(chainClient, { cacheTime: 0 }))
  const registry = {
    address: contracts.providerRegistry,
    abi: [providerRegistry.providerOf, providerRegistry.availableBondOf, providerRegistry.scoreOf],
    blockNumber,
  } as const
  const [struct, availableWei, ...scores] = await Promise.all([
    readContract(chainClient, { ...registry, functionName: 'providerOf', args: [provider] }),
    readContract(chainClient, { ...registry, functionName: 'availableBondOf', args: [provider] }),
    ...markets.map(market =>
      readContract(chainClient, { ...registry, functionName: 'scoreOf', args: [provider, market] }),
    ),
  ])
  if (struct.payout === zeroAddress) return undefined
  const { payout, metadataURI, bondWei, lockedWei, unstakingWei, withdrawableBlock } = struct
  const sum = (of: 'completed' | 'lapsed' | 'ponged' | 'faulted') =>
    scores.reduce((total, score) => total + Number(score[of]), 0)
  return {
    provider,
    payout,
    metadataUri: metadataURI,
    sealKey: sealKeyOf(metadataURI),
    bondWei,
    lockedWei,
    availableWei,
    unstaking: unstakingWei === 0n ? undefined : { amountWei: unstakingWei, withdrawableBlock },
    score: {
      completed: sum('completed'),
      lapsed: sum('lapsed'),
      answeredPings: sum('ponged'),
      faults: sum('faulted'),
    },
    blockNumber,
  }
}
