// What an account has of a provider's registration already, and what is left to do. Every call can be the last one that
// landed: the next run reads the chain and goes on from there.
import { type Address, type Client, type Hex, isAddressEqual } from 'viem'
import { getBalance, getBlockNumber, readContract } from 'viem/actions'
import * as computeToken from '../abi/computeToken.ts'
import * as providerRegistry from '../abi/providerRegistry.ts'
import { approveCall } from '../account/approveCall.ts'
import { type Call, toCall } from '../account/call.ts'
import { findOffers } from '../actions/market/findOffers.ts'
import { getProvider, type Provider } from '../actions/market/getProvider.ts'
import type { Offer } from '../actions/market/offer.ts'
import { wrapCoin } from '../actions/token/wrapCoin.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { withSealKey } from '../sealing/sealKeyUri.ts'
import { allowMarket } from './allowMarket.ts'
import { type PostOfferParameters, postOffer } from './postOffer.ts'
import { setPayout } from './setPayout.ts'
import { setProviderMetadata } from './setProviderMetadata.ts'

export type Registration = WithContracts & {
  /** Who receives the earnings. Default: the account itself. */
  readonly payout?: Address | undefined
  /** Where the provider describes itself; at most 512 bytes. */
  readonly metadataUri: string
  /** Public key for renters to seal their requests to (`createSealingKey`); it goes into the URI. */
  readonly sealKey?: Hex | undefined
  /** Token wei that the bond is to be. Each lease locks its offer's bond per unit. */
  readonly stakeWei: bigint
  /** The markets that may lock the bond. Default: the InstanceLease, and whatever sells `offers`. */
  readonly markets?: readonly Address[] | undefined
  /** What to post, unless the account offers the same already. Default: nothing. */
  readonly offers?: readonly Omit<PostOfferParameters, 'contracts'>[] | undefined
}

/** All amounts are wei. */
export type RegistrationState = {
  readonly provider: Pick<Provider, 'payout' | 'metadataUri'> | undefined
  /** Bond that is not on its way out. */
  readonly stakedWei: bigint
  readonly allowedMarkets: readonly Address[]
  readonly offers: readonly Offer[]
  readonly tokenWei: bigint
  readonly allowanceWei: bigint
  readonly coinWei: bigint
  /** Tokens to be left for gas. */
  readonly feesWei: bigint
}

export async function readRegistration(
  client: Client,
  { account, registration }: { readonly account: Address; readonly registration: Registration },
): Promise<RegistrationState> {
  const { contracts } = registration
  const blockNumber = await getBlockNumber(client, { cacheTime: 0 })
  const token = {
    address: contracts.token,
    abi: [computeToken.balanceOf, computeToken.allowance],
    blockNumber,
  } as const
  const wantsOffers = (registration.offers ?? []).length > 0
  const offersOf = async (kind: Offer['kind']) =>
    wantsOffers ? await findOffers(client, { contracts, kind, minimumFreeUnits: 0 }) : []
  const [provider, tokenWei, allowanceWei, coinWei, allowed, ...offers] = await Promise.all([
    getProvider(client, { contracts, provider: account, blockNumber }),
    readContract(client, { ...token, functionName: 'balanceOf', args: [account] }),
    readContract(client, {
      ...token,
      functionName: 'allowance',
      args: [account, contracts.providerRegistry],
    }),
    getBalance(client, { address: account, blockNumber }),
    Promise.all(
      marketsOf(registration).map(market =>
        readContract(client, {
          address: contracts.providerRegistry,
          abi: [providerRegistry.isMarketAllowed],
          functionName: 'isMarketAllowed',
          args: [account, market],
          blockNumber,
        }),
      ),
    ),
    offersOf('instance'),
    offersOf('serverless'),
  ])
  return {
    provider,
    stakedWei: provider === undefined ? 0n : provider.bondWei - (provider.unstaking?.amountWei ?? 0n),
    allowedMarkets: marketsOf(registration).filter((_, index) => allowed[index]),
    offers: offers.flat().filter(offer => isAddressEqual(offer.provider, account)),
    tokenWei,
    allowanceWei,
    coinWei,
    feesWei: 0n,
  }
}

/** Token wei still to be staked, and native wei to be wrapped for it and for gas that is paid in tokens. */
export function missingStake(registration: Registration, state: RegistrationState) {
  const stakeWei = positive(registration.stakeWei - state.stakedWei)
  return { stakeWei, wrapWei: positive(stakeWei + state.feesWei - state.tokenWei) }
}

/** In an order in which each can be the last. */
export function remainingCalls(
  registration: Registration,
  { account, state }: { readonly account: Address; readonly state: RegistrationState },
): readonly Call[] {
  const { contracts } = registration
  const { stakeWei, wrapWei } = missingStake(registration, state)
  return [
    ...(wrapWei > 0n ? wrapCoin.calls({ contracts, amountWei: wrapWei }) : []),
    ...identityCalls(registration, { account, provider: state.provider }),
    ...marketsOf(registration)
      .filter(market => !state.allowedMarkets.some(allowed => isAddressEqual(allowed, market)))
      .flatMap(market => allowMarket.calls({ contracts, market })),
    ...(stakeWei > state.allowanceWei
      ? [approveCall({ token: contracts.token, spender: contracts.providerRegistry, amountWei: stakeWei })]
      : []),
    ...(stakeWei > 0n
      ? [
          toCall(contracts.providerRegistry, {
            abi: [providerRegistry.stake],
            functionName: 'stake',
            args: [stakeWei],
          }),
        ]
      : []),
    ...missingOffers(registration, state.offers).flatMap(offer => postOffer.calls({ ...offer, contracts })),
  ]
}

function identityCalls(
  registration: Registration,
  { account, provider }: { readonly account: Address; readonly provider: RegistrationState['provider'] },
): readonly Call[] {
  const { contracts, payout = account, sealKey } = registration
  const metadataUri =
    sealKey === undefined ? registration.metadataUri : withSealKey(registration.metadataUri, sealKey)
  if (provider === undefined) {
    const args = [payout, metadataUri] as const
    return [
      toCall(contracts.providerRegistry, {
        abi: [providerRegistry.register],
        functionName: 'register',
        args,
      }),
    ]
  }
  return [
    ...(isAddressEqual(provider.payout, payout) ? [] : setPayout.calls({ contracts, payout })),
    ...(provider.metadataUri === metadataUri ? [] : setProviderMetadata.calls({ contracts, metadataUri })),
  ]
}

/** Each offer that is there answers for one that is wanted: who wants two alike gets two. */
function missingOffers(registration: Registration, present: readonly Offer[]) {
  const left = new Set(present)
  return (registration.offers ?? []).filter(wanted => {
    const call = postOffer.calls({ ...wanted, contracts: registration.contracts })[0]
    const same = [...left].find(
      offer => postOffer.calls({ ...offer, contracts: registration.contracts })[0]?.data === call?.data,
    )
    if (same === undefined) return true
    left.delete(same)
    return false
  })
}

function marketsOf({ contracts, markets, offers = [] }: Registration): readonly Address[] {
  if (markets !== undefined) return markets
  const sells = offers.map(
    offer =>
      offer.market ?? (offer.kind === 'serverless' ? contracts.serverlessSession : contracts.instanceLease),
  )
  return [...new Set([contracts.instanceLease, ...sells])]
}

function positive(wei: bigint): bigint {
  return wei > 0n ? wei : 0n
}
