// Writes a rented placement as JSON and reads it again, so that a program that was stopped goes on with it.
import { ComputeError } from '../../errors/computeError.ts'
import { readRunningPlacement } from '../../placement/placementShape.ts'
import { ShapeError } from '../../sealing/shape.ts'
import type { RunningPlacement } from './runningPlacement.ts'

/** Some hundred times what a placement takes. */
const mostCharacters = 4_000_000

/**
 * Writes a placement as JSON: amounts and ids in decimal digits.
 *
 * @example
 * import { writePlacement } from '@worldland-aa/sdk/actions/placement/keepPlacement'
 *
 * localStorage.setItem('placement', writePlacement(placement))
 */
export function writePlacement(placement: RunningPlacement): string {
  return JSON.stringify(placement, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2)
}

/**
 * Reads what `writePlacement` wrote; throws a sentence for anything else.
 *
 * @example
 * import { readPlacement } from '@worldland-aa/sdk/actions/placement/keepPlacement'
 *
 * const placement = readPlacement(localStorage.getItem('placement') ?? '')
 */
export function readPlacement(text: string): RunningPlacement {
  try {
    if (text.length > mostCharacters) throw new ShapeError(`It is longer than ${mostCharacters} characters.`)
    const placement = readRunningPlacement(JSON.parse(text), 'placement')
    const { leaseIds, plan } = placement
    if (leaseIds.length !== plan.machines.length || leaseIds.some(ids => ids.length === 0)) {
      throw new ShapeError('placement.leaseIds does not name a lease for each machine of the plan.')
    }
    return placement
  } catch (cause) {
    if (!(cause instanceof ShapeError) && !(cause instanceof SyntaxError)) throw cause
    throw new ComputeError({
      problem: `This is no placement: ${cause.message}`,
      remedy: 'Give what writePlacement wrote, unchanged.',
      cause,
    })
  }
}
