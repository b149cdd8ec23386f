// What a rental costs before anybody signs: GPU time and gas in one sum of the compute token.
import type { Address, Client, GetCodeErrorType, ReadContractErrorType } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { getCode, readContract } from 'viem/actions'
import * as computeToken from '../../abi/computeToken.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { getOffer } from '../market/getOffer.ts'
import type { Offer } from '../market/offer.ts'
import { type GetGasQuoteErrorType, getGasQuote } from '../operation/getGasQuote.ts'
import { quoteExitReserve } from '../tank/quoteExitReserve.ts'

export type QuoteRentalParameters = WithContracts & {
  readonly offerId: bigint
  /** Default: 1. */
  readonly units?: number | undefined
  /** Time to pay for. */
  readonly seconds: number
  /** Who rents; its balance and whether it is deployed count. Default: the client's account. */
  readonly account?: Address | SmartAccount | undefined
  /** As `rentInstance` takes it; `quoted` counts only with a bundler to ask. Default: none. */
  readonly exitReserveWei?: bigint | 'quoted' | undefined
  /** Client of a bundler to ask for the price of gas. Default: the client itself, if it is one. */
  readonly bundlerClient?: Client | SmartAccountClient | undefined
}

/** All amounts are token wei. */
export type QuoteRentalReturnType = {
  readonly offer: Offer
  /** Paid into escrow; what is not used comes back. */
  readonly escrowWei: bigint
  /** Set aside in the gas tank for the end; what is not used can be withdrawn. */
  readonly exitReserveWei: bigint
  /** Undefined without a bundler to ask. */
  readonly gas:
    | {
        readonly expectedWei: bigint
        /** Held back at most; the difference to the actual cost is not taken. */
        readonly maximumWei: bigint
        readonly maxFeePerGasWei: bigint
      }
    | undefined
  /** What the account should hold: escrow, the reserve, and the most the gas may cost. */
  readonly totalWei: bigint
  /** Undefined without an account. */
  readonly balance:
    | { readonly wei: bigint; readonly missingWei: bigint; readonly suffices: boolean }
    | undefined
}
export type QuoteRentalErrorType = ReadContractErrorType | GetCodeErrorType | GetGasQuoteErrorType

/**
 * Gas of a rental with a SimpleAccount, as measured end to end, without the paymaster's own work: `expected`
 * is billed, `limits` is the sum of all gas limits with a fifth to spare. The first operation also deploys
 * the account and approves the gas.
 */
export const rentalGas = {
  deployed: { expected: 300_000n, limits: 430_000n },
  undeployed: { expected: 570_000n, limits: 740_000n },
} as const
/** What filling the tank adds to it, the first time. */
const reserveGas = { expected: 70_000n, limits: 90_000n } as const
const noGas = { expected: 0n, limits: 0n } as const

/**
 * Quotes a rental: GPU time plus gas, in the token, and whether the account can pay for it.
 *
 * @example
 * import { quoteRental } from '@worldland-aa/sdk/actions/lease/quoteRental'
 *
 * const { totalWei, balance } = await quoteRental(smartAccountClient, { contracts, offerId: 1n, seconds: 3600 })
 */
export async function quoteRental(
  client: Client | SmartAccountClient,
  parameters: QuoteRentalParameters,
): Promise<QuoteRentalReturnType> {
  const { contracts, offerId, units = 1, seconds } = parameters
  const given = parameters.account ?? client.account
  const address = typeof given === 'string' ? given : given?.address
  const chainClient = chainClientOf(client)
  const [offer, balanceWei, gas, exitReserveWei] = await Promise.all([
    getOffer(chainClient, { contracts, offerId }),
    address && balanceOf(chainClient, { token: contracts.token, address }),
    quoteGas(client, { ...parameters, address }),
    exitReserveOf(client, parameters),
  ])
  const escrowWei = offer.pricePerSecondWei * BigInt(units) * BigInt(seconds)
  const totalWei = escrowWei + exitReserveWei + (gas?.maximumWei ?? 0n)
  return {
    offer,
    escrowWei,
    exitReserveWei,
    gas,
    totalWei,
    balance: typeof balanceWei === 'bigint' ? toBalance(balanceWei, totalWei) : undefined,
  }
}

function toBalance(wei: bigint, totalWei: bigint): NonNullable<QuoteRentalReturnType['balance']> {
  const missingWei = wei < totalWei ? totalWei - wei : 0n
  return { wei, missingWei, suffices: missingWei === 0n }
}

async function balanceOf(client: Client, of: { token: Address; address: Address }): Promise<bigint> {
  return await readContract(client, {
    address: of.token,
    abi: [computeToken.balanceOf],
    functionName: 'balanceOf',
    args: [of.address],
  })
}

async function quoteGas(
  client: Client | SmartAccountClient,
  options: QuoteRentalParameters & { address: Address | undefined },
): Promise<QuoteRentalReturnType['gas']> {
  const { contracts, address } = options
  const bundlerClient = bundlerOf(client, options)
  if (bundlerClient === undefined) return undefined
  const deployed = address !== undefined && (await getCode(chainClientOf(client), { address })) !== undefined
  const { expected, limits } = deployed ? rentalGas.deployed : rentalGas.undeployed
  const more = options.exitReserveWei ? reserveGas : noGas
  const [expectedCost, maximumCost] = await Promise.all([
    getGasQuote(bundlerClient, { contracts, gas: expected + more.expected }),
    getGasQuote(bundlerClient, { contracts, gas: limits + more.limits }),
  ])
  return {
    expectedWei: expectedCost.tokenWei,
    maximumWei: maximumCost.tokenWei,
    maxFeePerGasWei: maximumCost.maxFeePerGasWei,
  }
}

async function exitReserveOf(
  client: Client | SmartAccountClient,
  parameters: QuoteRentalParameters,
): Promise<bigint> {
  const { contracts, exitReserveWei = 0n } = parameters
  if (exitReserveWei !== 'quoted') return exitReserveWei
  const bundlerClient = bundlerOf(client, parameters)
  return bundlerClient === undefined ? 0n : await quoteExitReserve(bundlerClient, { contracts })
}

/** viem's and permissionless's bundler clients both carry this type. */
function bundlerOf(
  client: Client | SmartAccountClient,
  { bundlerClient }: Pick<QuoteRentalParameters, 'bundlerClient'>,
): Client | SmartAccountClient | undefined {
  return bundlerClient ?? (client.type === 'bundlerClient' ? client : undefined)
}
