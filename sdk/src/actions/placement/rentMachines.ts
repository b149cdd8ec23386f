// Rents the machines of a plan by one user operation, all or none: the sum is approved once, and every machine is a lease
// of its own with its own sealed request.
import type { Address, Hex } from 'viem'
import { approveCall } from '../../account/approveCall.ts'
import type { Call } from '../../account/call.ts'
import { gasApproval, type WithGasAllowance } from '../../account/gasApproval.ts'
import {
  type BatchErrorType,
  type BatchParameters,
  type BatchReturnType,
  sendBatch,
  senderOf,
  withGasAllowance,
} from '../../account/sendBatch.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { openLeaseCall } from '../lease/rentInstance.ts'
import type { SealRentalRequestErrorType } from '../lease/sealRentalRequest.ts'
import type { GetOfferErrorType } from '../market/getOffer.ts'
import { checkStillOffered } from './checkStillOffered.ts'
import { checkOperationSize } from './operationSize.ts'
import type { PlannedMachine } from './plan.ts'
import { type MachineRequests, sealMachineRequests } from './sealMachineRequests.ts'

/** What is the same for all machines. */
export type MachineTerms = {
  /** What the machines are to run: the image's digest, `0x…` or `sha256:…`. Default: none, to be agreed. */
  readonly imageDigest?: Hex | `sha256:${string}` | undefined
  /** Who introduced the parties, and its share in 1/10000 of what the providers earn. */
  readonly broker?: { readonly address: Address; readonly basisPoints: number } | undefined
}

export type RentMachinesParameters = BatchParameters &
  MachineTerms &
  MachineRequests & {
    /** Of `planRental` or `choosePlacement`; any list of machines will do. */
    readonly plan: { readonly machines: readonly PlannedMachine[] }
    /** ABI-encoded bytes of the largest operation that the bundler takes. Default: 8,192, as bundlers agree on. */
    readonly maximumOperationBytes?: number | undefined
  }
/** The user operation's hash, for `waitForMachines`. */
export type RentMachinesReturnType = BatchReturnType
export type RentMachinesErrorType = GetOfferErrorType | SealRentalRequestErrorType | BatchErrorType

/**
 * Rents all machines of a plan by one user operation and returns its hash. If one of them cannot be had by then, none is
 * rented and nothing is paid for.
 *
 * @example
 * import { planRental } from '@worldland-aa/sdk/actions/placement/planRental'
 * import { rentMachines } from '@worldland-aa/sdk/actions/placement/rentMachines'
 * import { waitForMachines } from '@worldland-aa/sdk/actions/placement/waitForMachines'
 *
 * const placement = await planRental(smartAccountClient, { contracts, machines: 3, seconds: 3_600 })
 * if (!placement.ok) throw new Error(placement.problem)
 * const { plan } = placement
 * const hash = await rentMachines(smartAccountClient, { contracts, plan })
 * const { leases } = await waitForMachines(smartAccountClient, { contracts, plan, hash })
 */
export async function rentMachines(
  client: SmartAccountClient,
  parameters: RentMachinesParameters,
): Promise<RentMachinesReturnType> {
  const { contracts, plan, maximumOperationBytes, imageDigest, broker } = parameters
  await checkStillOffered(client, { contracts, machines: plan.machines })
  const account = senderOf(client, parameters)
  const sealedRequests = await sealMachineRequests(client, {
    ...parameters,
    account,
    machines: plan.machines,
  })
  const calls = rentMachines.calls({ contracts, plan, sealedRequests, imageDigest, broker })
  await checkOperationSize(account, {
    calls: await withGasAllowance(client, { ...parameters, calls }),
    machines: plan.machines.length,
    maximumOperationBytes,
  })
  return await sendBatch(client, { ...parameters, calls })
}

/** The calls alone, for a batch of one's own, or a wallet's `sendCalls` (ERC-5792). */
rentMachines.calls = (
  parameters: WithContracts &
    WithGasAllowance &
    MachineTerms & {
      readonly plan: { readonly machines: readonly PlannedMachine[] }
      /** One for each machine, in the plan's order. Default: none. */
      readonly sealedRequests?: readonly Hex[] | undefined
    },
): readonly Call[] => {
  const { contracts, plan, sealedRequests, imageDigest, broker } = parameters
  const { machines } = plan
  if (machines.length === 0) {
    throw new ComputeError({ problem: 'The plan has no machines.', remedy: 'Plan anew by planRental.' })
  }
  if (sealedRequests !== undefined && sealedRequests.length !== machines.length) {
    throw new ComputeError({
      problem: `There are ${sealedRequests.length} sealed requests for ${machines.length} machines.`,
      remedy: 'Give one for each, in the order of the plan.',
    })
  }
  return [
    ...gasApproval(parameters),
    approveCall({
      token: contracts.token,
      spender: contracts.instanceLease,
      amountWei: machines.reduce((sum, machine) => sum + costOf(machine), 0n),
    }),
    ...machines.map((machine, index) =>
      openLeaseCall({
        contracts,
        offerId: machine.offerId,
        units: machine.units,
        seconds: machine.seconds,
        maximumPricePerSecondWei: machine.pricePerSecondWei,
        sealedRequest: sealedRequests?.[index],
        imageDigest,
        broker,
      }),
    ),
  ]
}

/** What is approved follows from what is opened, whatever a plan that was kept in a file says of it. */
function costOf({ pricePerSecondWei, units, seconds }: PlannedMachine): bigint {
  return pricePerSecondWei * BigInt(units) * BigInt(seconds)
}
