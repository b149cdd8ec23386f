// Plans a rental of several machines: reads the market and chooses.
import type { Client } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import type { ComputeError } from '../../errors/computeError.ts'
import type { FindOffersErrorType } from '../market/findOffers.ts'
import { checkNeeds, type PlacementNeeds } from './needs.ts'
import type { Placement } from './plan.ts'
import { readPlacementOffers } from './readPlacementOffers.ts'

export type PlanRentalParameters = WithContracts & PlacementNeeds
export type PlanRentalReturnType = Placement
/** A `ComputeError` for needs that cannot be meant; needs that nothing fits are a value. */
export type PlanRentalErrorType = ComputeError | FindOffersErrorType

/**
 * Plans a rental of several machines over the providers of the market: which to take, why, why not the others, and what
 * they cost together. Nothing is sent; `rentMachines` rents what it says.
 *
 * @example
 * import { planRental } from '@worldland-aa/sdk/actions/placement/planRental'
 *
 * const placement = await planRental(publicClient, {
 *   contracts,
 *   machines: 3,
 *   gpuModels: ['4090'],
 *   seconds: 3_600,
 *   spread: 'providers',
 *   budgetWei: 5n * 10n ** 18n,
 * })
 * if (placement.ok) for (const { region, why } of placement.plan.machines) console.log(region, why)
 */
export async function planRental(
  client: Client | SmartAccountClient,
  parameters: PlanRentalParameters,
): Promise<PlanRentalReturnType> {
  const { contracts, ...needs } = parameters
  checkNeeds(needs)
  const offers = await readPlacementOffers(chainClientOf(client), { contracts })
  // Whoever rents one machine loads no search.
  const { choosePlacement } = await import('./choosePlacement.ts')
  return choosePlacement(offers, needs)
}
