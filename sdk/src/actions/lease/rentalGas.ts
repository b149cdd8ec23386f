// How much gas a rental takes, and its end: all limits of an operation together, for that is what an account must be
// able to pay. Estimated by the bundler where there is an account to estimate for; measured otherwise.
import type { SmartAccount } from 'viem/account-abstraction'
import { type AccountKind, kindByFactory } from '../../account/accountKind.ts'
import { type EstimatedBatch, estimateBatch } from '../../account/estimateBatch.ts'
import { withGasAllowance } from '../../account/sendBatch.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { GasPrices } from '../operation/gasPrices.ts'
import { type RentInstanceParameters, rentalBatch } from './rentInstance.ts'

/** The sum of all gas limits. */
export type RentalGas = { readonly rent: bigint; readonly exit: bigint }

/**
 * Limits as the bundler estimates them on the market's contracts, a tenth to spare. A first rental also deploys the
 * account and approves the gas, `exit` is stop and settle of a lease that was ready.
 */
export const measuredGas: Readonly<
  Record<
    AccountKind,
    { readonly first: bigint; readonly later: bigint; readonly exit: bigint; readonly validation: bigint }
  >
> = {
  simple: { first: 800_000n, later: 560_000n, exit: 395_000n, validation: 52_000n },
  computeKey: { first: 760_000n, later: 540_000n, exit: 395_000n, validation: 54_000n },
  computePasskey: { first: 1_070_000n, later: 830_000n, exit: 680_000n, validation: 310_000n },
}
/** What filling the tank adds, the first time. */
const reserveGas = 90_000n

export function measuredRentalGas(
  kind: AccountKind,
  { isDeployed, reserves }: { readonly isDeployed: boolean; readonly reserves: boolean },
): RentalGas {
  const { first, later, exit } = measuredGas[kind]
  return { rent: (isDeployed ? later : first) + (reserves ? reserveGas : 0n), exit }
}

/** Stop and settle, and the account's own work around them. */
const exitCallGas = 190_000n
/** Of the paymaster, once it has an allowance. */
const exitPaymasterGas = 95_000n

type Rental = RentInstanceParameters & {
  readonly account: SmartAccount
  readonly maximumPricePerSecondWei: bigint
  readonly prices: GasPrices
}

/** A person who moves a slider asks for many quotes: what they differ in takes no other gas. */
const validMilliseconds = 60_000
type Estimate = { readonly gas: RentalGas; readonly madeAt: number }
const estimates = new WeakMap<SmartAccount, Map<string, Estimate>>()

export async function estimateRentalGas(client: SmartAccountClient, rental: Rental): Promise<RentalGas> {
  const { account, contracts, paymasterContext } = rental
  const batch = await rentalBatch(client, rental)
  const calls = await withGasAllowance(client, { ...rental, ...batch })
  const key = JSON.stringify([
    await account.isDeployed(),
    calls.map(({ to, data }) => [to, data.length]),
    contracts,
    paymasterContext,
  ])
  const made = estimates.get(account) ?? new Map<string, Estimate>()
  estimates.set(account, made)
  const known = made.get(key)
  if (known !== undefined && Date.now() - known.madeAt < validMilliseconds) return known.gas
  const operation = await estimateBatch(client, { ...rental, calls, paymasterContext })
  const gas = {
    // State changes until it is sent: somebody else may free or take the last unit meanwhile.
    rent: withTenth(sumOf(operation)),
    exit:
      exitValidation(contracts, operation) + operation.preVerificationGas + exitCallGas + exitPaymasterGas,
  }
  made.set(key, { gas, madeAt: Date.now() })
  return gas
}

/** Of an account that is there by then. */
function exitValidation(contracts: ComputeContracts, operation: EstimatedBatch): bigint {
  const { factory, signature, verificationGasLimit } = operation
  // What deploys an account of a sort unknown here is no less than what its validation takes alone.
  if (factory === undefined) return verificationGasLimit
  const kind = kindByFactory({ contracts }, { factory, signature })
  return kind === undefined ? verificationGasLimit : measuredGas[kind].validation
}

function sumOf(operation: EstimatedBatch): bigint {
  const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = operation
  return (
    operation.preVerificationGas +
    operation.verificationGasLimit +
    operation.callGasLimit +
    paymasterVerificationGasLimit +
    paymasterPostOpGasLimit
  )
}

function withTenth(gas: bigint): bigint {
  return gas + gas / 10n
}
