// The price of a rental's gas and of its end's, for whoever rents: an account that the bundler can estimate for, or an
// address of which no more is known than what stands there.
import type { Address, Client } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { getBlock } from 'viem/actions'
import { type AccountKind, kindAt, kindByFactory } from '../../account/accountKind.ts'
import { paymasterContextOf } from '../../account/gasSource.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { levelsOf } from '../../errors/levels.ts'
import { rejectionCode } from '../../protocol/rejectionCode.ts'
import { type GasPrices, gasPrices, toTokenWei } from '../operation/gasPrices.ts'
import type { QuotedGas, QuoteRentalParameters } from './quoteRental.ts'
import { estimateRentalGas, measuredRentalGas, type RentalGas } from './rentalGas.ts'

export type RentalGasRequest = QuoteRentalParameters & {
  readonly maximumPricePerSecondWei: bigint
  readonly exitReserveWei: bigint
}

export async function quoteRentalGas(
  bundlerClient: Client | SmartAccountClient,
  request: RentalGasRequest,
): Promise<{ gas: QuotedGas & { maxFeePerGasWei: bigint }; exit: QuotedGas }> {
  const [prices, block] = await Promise.all([
    gasPrices(bundlerClient, request),
    getBlock(chainClientOf(bundlerClient)),
  ])
  const { rent, exit } = await rentalGasOf(bundlerClient as SmartAccountClient, request, prices)
  const tipWei = prices.maxPriorityFeePerGasWei
  const presentFeeWei = (block.baseFeePerGas ?? 0n) + tipWei
  const riseWei = ((prices.maxFeePerGasWei - tipWei) * BigInt(request.baseFeeRisePercent ?? 100)) / 100n
  const maxFeePerGasWei = prices.maxFeePerGasWei + riseWei
  const quote = (gas: bigint): QuotedGas => ({
    expectedWei: toTokenWei(usual(gas) * presentFeeWei, prices),
    maximumWei: toTokenWei(gas * maxFeePerGasWei, prices),
  })
  return { gas: { ...quote(rent), maxFeePerGasWei }, exit: quote(exit) }
}

/** Of limits with room to spare, four fifths are billed. */
function usual(gas: bigint): bigint {
  return (gas * 4n) / 5n
}

async function rentalGasOf(
  client: SmartAccountClient,
  request: RentalGasRequest,
  prices: GasPrices,
): Promise<RentalGas> {
  const account = request.account ?? client.account
  if (typeof account === 'object' && client.type === 'bundlerClient') {
    const { account: _, ...parameters } = request
    const paymasterContext = paymasterContextOf(client, { ...parameters, account }) ?? {
      token: request.contracts.token,
    }
    try {
      return await estimateRentalGas(client, { ...parameters, account, paymasterContext, prices })
    } catch (error) {
      // A rental that cannot be now, or a bundler that is asked too often, still has a price.
      if (!isNoEstimate(error)) throw error
    }
  }
  const address = typeof account === 'object' ? account.address : account
  const present = address === undefined ? undefined : await kindAt(chainClientOf(client), address)
  const kind = present ?? request.accountKind ?? (await kindToBe(account, request)) ?? 'computePasskey'
  return measuredRentalGas(kind, {
    isDeployed: present !== undefined,
    reserves: request.exitReserveWei > 0n,
  })
}

async function kindToBe(
  account: Address | SmartAccount | undefined,
  request: RentalGasRequest,
): Promise<AccountKind | undefined> {
  if (typeof account !== 'object') return undefined
  const { factory } = await account.getFactoryArgs()
  if (factory === undefined) return undefined
  return kindByFactory(request, { factory, signature: await account.getStubSignature() })
}

const limitExceeded = -32_005

function isNoEstimate(failure: unknown): boolean {
  for (const { code } of levelsOf(failure)) {
    if (code === rejectionCode.executionReverted || code === limitExceeded) return true
  }
  return false
}
