// What a renter needs of several machines together, and the sentence for needs that make no sense.
import type { Address } from 'viem'
import { ComputeError } from '../../errors/computeError.ts'

/** `providers`, `regions`: no two machines of one; `close`: all in one region. */
export type PlacementSpread = 'providers' | 'regions' | 'close'

/** How much dearer an offer counts than it is, in percent; only to choose by, never to pay. */
export type PlacementWeights = {
  /** For each fault of its provider. Default: 25. */
  readonly faultPercent: number
  /** For each lapse of its provider. Default: 5. */
  readonly lapsePercent: number
  /** Where regions are preferred and it stands in none of them. Default: 10. */
  readonly otherRegionPercent: number
  /** For each 100 milliseconds of measured round trip. Default: 5. */
  readonly roundTripPercent: number
}

export type PlacementNeeds = {
  /** How many machines, each a lease of its own. Give this or `gpus`. */
  readonly machines?: number | undefined
  /** How many GPUs at least in all, on as many machines as is best. */
  readonly gpus?: number | undefined
  /** Units of an offer that make one machine. Default: 1. */
  readonly unitsPerMachine?: number | undefined
  /** Time to pay for. */
  readonly seconds: number
  /** Parts of the models' names, in any case; one of them is enough. Default: any model. */
  readonly gpuModels?: readonly string[] | undefined
  /** Memory of one GPU in GiB. */
  readonly minimumVramGiB?: number | undefined
  /** `KR` means all that begin with `KR-` too; in any case. A region is the provider's word. */
  readonly regions?:
    | {
        readonly allow?: readonly string[] | undefined
        readonly deny?: readonly string[] | undefined
        readonly prefer?: readonly string[] | undefined
      }
    | undefined
  /** Measured by the renter, in milliseconds; a provider's figure goes before its region's. */
  readonly roundTrips?:
    | {
        readonly regions?: Readonly<Record<string, number>> | undefined
        readonly providers?: Readonly<Record<Address, number>> | undefined
        /** What nobody measured is refused then. */
        readonly maximumMilliseconds?: number | undefined
      }
    | undefined
  /** Default: wherever it is best. */
  readonly spread?: PlacementSpread | undefined
  /** Machines of one provider at most. */
  readonly maximumPerProvider?: number | undefined
  /** Machines in one region at most. */
  readonly maximumPerRegion?: number | undefined
  /** Token wei for one machine and hour. */
  readonly maximumPricePerHourWei?: bigint | undefined
  /** Token wei for the time of all machines; gas comes on top. */
  readonly budgetWei?: bigint | undefined
  /** Of a provider. Default: any number, each counted by `weights`. */
  readonly maximumFaults?: number | undefined
  readonly maximumLapses?: number | undefined
  /** The bond behind a machine must be worth more than this many seconds of its price. Default: 600, see `bondProblem`. */
  readonly minimumBondSeconds?: number | undefined
  readonly denyProviders?: readonly Address[] | undefined
  readonly weights?: Partial<PlacementWeights> | undefined
}

/** One operation has room for fewer; more than this is a fleet to be planned in parts. */
export const mostMachines = 64
const mostGpus = 4_096
const mostNames = 256
const mostSeconds = 2 ** 32 - 1

/** Throws a sentence for needs that cannot be meant. */
export function checkNeeds(needs: PlacementNeeds): void {
  const { machines, gpus } = needs
  if ((machines === undefined) === (gpus === undefined)) {
    throw new ComputeError({
      problem: `machines is ${machines} and gpus is ${gpus}.`,
      remedy: 'Say one of the two: how many machines, or how many GPUs in all.',
    })
  }
  checkWhole('machines', machines, 1, mostMachines)
  checkWhole('gpus', gpus, 1, mostGpus)
  checkWhole('unitsPerMachine', needs.unitsPerMachine, 1, 2 ** 32 - 1)
  checkWhole('seconds', needs.seconds, 1, mostSeconds)
  checkWhole('minimumVramGiB', needs.minimumVramGiB, 0, 2 ** 32 - 1)
  checkWhole('maximumPerProvider', needs.maximumPerProvider, 1, Number.MAX_SAFE_INTEGER)
  checkWhole('maximumPerRegion', needs.maximumPerRegion, 1, Number.MAX_SAFE_INTEGER)
  checkWhole('maximumFaults', needs.maximumFaults, 0, Number.MAX_SAFE_INTEGER)
  checkWhole('maximumLapses', needs.maximumLapses, 0, Number.MAX_SAFE_INTEGER)
  checkWhole('minimumBondSeconds', needs.minimumBondSeconds, 0, mostSeconds)
  for (const [name, percent] of Object.entries(needs.weights ?? {}))
    checkWhole(`weights.${name}`, percent, 0, 10_000)
  checkRoundTrips(needs.roundTrips)
  const { allow, deny, prefer } = needs.regions ?? {}
  for (const names of [allow, deny, prefer, needs.gpuModels, needs.denyProviders]) checkCount(names?.length)
  for (const amount of [needs.budgetWei, needs.maximumPricePerHourWei]) {
    if (amount !== undefined && amount < 0n) {
      throw new ComputeError({ problem: `A limit is ${amount} token wei.`, remedy: 'Give 0 or more.' })
    }
  }
}

function checkRoundTrips(trips: PlacementNeeds['roundTrips'] = {}): void {
  const measured = [...Object.entries(trips.regions ?? {}), ...Object.entries(trips.providers ?? {})]
  checkCount(measured.length)
  for (const [name, milliseconds] of [...measured, ['maximumMilliseconds', trips.maximumMilliseconds]]) {
    checkWhole(`roundTrips of ${name}`, milliseconds as number | undefined, 0, 3_600_000)
  }
}

function checkWhole(name: string, value: number | undefined, minimum: number, maximum: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= minimum && value <= maximum)) return
  throw new ComputeError({
    problem: `${name} is ${value}.`,
    remedy: `Give a whole number from ${minimum} to ${maximum}.`,
  })
}

function checkCount(count = 0): void {
  if (count <= mostNames) return
  throw new ComputeError({
    problem: `A list of the needs has ${count} entries.`,
    remedy: `Give at most ${mostNames}.`,
  })
}
