// What a rental costs before anybody signs: GPU time, and gas from the first operation to the last, in one sum of the
// compute token. An account that holds the sum can rent and can end what it rented.
import type { Address, Client, GetCodeErrorType, Hex, ReadContractErrorType } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { readContract } from 'viem/actions'
import * as computeToken from '../../abi/computeToken.ts'
import type { AccountKind } from '../../account/accountKind.ts'
import { paysFromWallet } from '../../account/gasAllowance.ts'
import { paymasterContextOf } from '../../account/gasSource.ts'
import type { BatchParameters } from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { getOffer } from '../market/getOffer.ts'
import type { Offer } from '../market/offer.ts'
import type { GetGasQuoteErrorType } from '../operation/getGasQuote.ts'
import { quoteExitReserve } from '../tank/quoteExitReserve.ts'
import { quoteRentalGas } from './quoteRentalGas.ts'

export type QuoteRentalParameters = WithContracts &
  Pick<BatchParameters, 'gasFrom' | 'paymasterContext'> & {
    readonly offerId: bigint
    /** Default: 1. */
    readonly units?: number | undefined
    /** Time to pay for. */
    readonly seconds: number
    /**
     * Who rents. For a smart account of viem the bundler estimates the operation itself; of an address it counts what
     * sort of account is there. Default: the client's account.
     */
    readonly account?: Address | SmartAccount | undefined
    /** Of an address at which there is no account yet. Default: `computePasskey`, the dearest. */
    readonly accountKind?: AccountKind | undefined
    /** As `rentInstance` takes it: its bytes take gas. Default: none. */
    readonly sealedRequest?: Hex | undefined
    /** As `rentInstance` takes it; `quoted` counts only with a bundler to ask. Default: none. */
    readonly exitReserveWei?: bigint | 'quoted' | undefined
    /** How far the base fee may rise until the lease is stopped, and the sum still do; in percent. Default: 100. */
    readonly baseFeeRisePercent?: number | undefined
    /** Client of a bundler to ask for the price of gas. Default: the client itself, if it is one. */
    readonly bundlerClient?: Client | SmartAccountClient | undefined
  }

/** What an operation's gas costs; token wei. */
export type QuotedGas = {
  /** At the present base fee, and what is usual. */
  readonly expectedWei: bigint
  /** What must be there: all gas limits, at a base fee that has risen. Only what the operation costs is taken. */
  readonly maximumWei: bigint
}

/** All amounts are token wei. */
export type QuoteRentalReturnType = {
  readonly offer: Offer
  /** Paid into escrow; what is not used comes back. */
  readonly escrowWei: bigint
  /** Set aside in the gas tank for the end; what is not used can be withdrawn. */
  readonly exitReserveWei: bigint
  /** Of the rental. Undefined without a bundler to ask, and where nobody pays for gas in the token. */
  readonly gas: (QuotedGas & { readonly maxFeePerGasWei: bigint }) | undefined
  /** Of stopping and settling the lease. Undefined as `gas` is, and with an exit reserve, which pays for it. */
  readonly exit: QuotedGas | undefined
  /** What the account should hold: escrow, the reserve, and the most that its gas may cost, the end included. */
  readonly totalWei: bigint
  /** Undefined without an account. */
  readonly balance:
    | { readonly wei: bigint; readonly missingWei: bigint; readonly suffices: boolean }
    | undefined
}
export type QuoteRentalErrorType = ReadContractErrorType | GetCodeErrorType | GetGasQuoteErrorType

/**
 * Quotes a rental: GPU time and gas, its end included, in the token, and whether the account can pay for it. An account
 * that holds exactly `totalWei` can rent and stop.
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
  const account = parameters.account ?? (client.account as SmartAccount | undefined)
  const address = typeof account === 'string' ? account : account?.address
  const chainClient = chainClientOf(client)
  const bundlerClient = parameters.bundlerClient ?? (client.type === 'bundlerClient' ? client : undefined)
  const payer = payerOf(client, parameters)
  const [offer, balanceWei, exitReserveWei] = await Promise.all([
    getOffer(chainClient, { contracts, offerId }),
    address && balanceOf(chainClient, { token: contracts.token, address }),
    exitReserveOf(bundlerClient, parameters),
  ])
  const quoted =
    bundlerClient === undefined || payer === 'other'
      ? undefined
      : await quoteRentalGas(bundlerClient, {
          ...parameters,
          account,
          maximumPricePerSecondWei: offer.pricePerSecondWei,
          exitReserveWei,
        })
  const escrowWei = offer.pricePerSecondWei * BigInt(units) * BigInt(seconds)
  const exit = exitReserveWei === 0n ? quoted?.exit : undefined
  const gasWei = payer === 'wallet' ? (quoted?.gas.maximumWei ?? 0n) + (exit?.maximumWei ?? 0n) : 0n
  const totalWei = escrowWei + exitReserveWei + gasWei
  return {
    offer,
    escrowWei,
    exitReserveWei,
    gas: quoted?.gas,
    exit,
    totalWei,
    balance: typeof balanceWei === 'bigint' ? toBalance(balanceWei, totalWei) : undefined,
  }
}

/** Who pays for gas in the token, if anybody does. */
function payerOf(
  client: Client | SmartAccountClient,
  parameters: QuoteRentalParameters,
): 'wallet' | 'tank' | 'other' {
  const { account: _, ...gasParameters } = parameters
  const context = paymasterContextOf(client as SmartAccountClient, gasParameters)
  if (paysFromWallet(context, parameters.contracts.token)) return 'wallet'
  if (typeof context === 'object' && context !== null && 'tank' in context) return 'tank'
  // A client that has no account is asked for somebody else, who pays as most do.
  return context === undefined && client.account?.type !== 'smart' ? 'wallet' : 'other'
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

async function exitReserveOf(
  bundlerClient: Client | SmartAccountClient | undefined,
  { contracts, exitReserveWei = 0n }: QuoteRentalParameters,
): Promise<bigint> {
  if (exitReserveWei !== 'quoted') return exitReserveWei
  return bundlerClient === undefined ? 0n : await quoteExitReserve(bundlerClient, { contracts })
}
