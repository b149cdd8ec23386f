// Looks once more at each offer of a plan before anybody signs: which of them has gone meanwhile, and what is left.
import type { Client } from 'viem'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { rentalProblem } from '../lease/rentInstance.ts'
import { getOffer } from '../market/getOffer.ts'
import type { PlannedMachine } from './plan.ts'

/** Throws what the contract would refuse. */
export async function checkStillOffered(
  client: Client | SmartAccountClient,
  { contracts, machines }: WithContracts & { readonly machines: readonly PlannedMachine[] },
): Promise<void> {
  const offerIds = [...new Set(machines.map(({ offerId }) => offerId))]
  await Promise.all(
    offerIds.map(async offerId => {
      const wanted = machines.filter(machine => machine.offerId === offerId)
      const offer = await getOffer(chainClientOf(client), { contracts, offerId })
      for (const { units, seconds, pricePerSecondWei } of wanted) {
        const problem = rentalProblem(offer, { units, seconds, priceCapWei: pricePerSecondWei })
        if (problem !== undefined) throw planAnew(problem.problem)
      }
      const units = wanted.reduce((sum, machine) => sum + machine.units, 0)
      if (units > offer.freeUnits) {
        throw planAnew(
          `The plan takes ${units} units of offer ${offerId}, which has ${offer.freeUnits} free.`,
        )
      }
    }),
  )
}

function planAnew(problem: string): ComputeError {
  return new ComputeError({
    problem,
    remedy: 'Nothing was rented. Plan anew by planRental, which sees what is offered now.',
  })
}
