// What a kept placement looks like as JSON: every field bounded, whole numbers of wei and ids as decimal digits.
import type { Address } from 'viem'
import { mostMachines, type PlacementNeeds, type PlacementWeights } from '../actions/placement/needs.ts'
import type { PlacementPlan, PlannedMachine } from '../actions/placement/plan.ts'
import type { RunningPlacement } from '../actions/placement/runningPlacement.ts'
import { fields, integer, type JsonReader, list, named, ShapeError, text, withAll } from '../sealing/shape.ts'

const whole = integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const name = text({ maximum: 256, pattern: /^/, what: 'a text' })
const sentence = text({ maximum: 1_024, pattern: /^/, what: 'a text' })
const address = text({
  maximum: 42,
  pattern: /^0x[0-9a-fA-F]{40}$/,
  what: 'an address',
}) as JsonReader<Address>
const digits = text({ maximum: 78, pattern: /^\d+$/, what: 'a whole number in digits' })
const amount: JsonReader<bigint> = (value, path) => BigInt(digits(value, path))
const names = list(name, { maximum: 256 })
const figures = named(whole, { maximum: 256, name })

const flag: JsonReader<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value
  throw new ShapeError(`${path} is neither true nor false.`)
}

const spread: JsonReader<NonNullable<PlacementNeeds['spread']>> = (value, path) => {
  if (value === 'providers' || value === 'regions' || value === 'close') return value
  throw new ShapeError(`${path} is none of providers, regions, close.`)
}

const needs: JsonReader<PlacementNeeds> = withAll(
  fields<PlacementNeeds>({
    machines: whole,
    gpus: whole,
    unitsPerMachine: whole,
    seconds: whole,
    gpuModels: names,
    minimumVramGiB: whole,
    regions: fields<NonNullable<PlacementNeeds['regions']>>({ allow: names, deny: names, prefer: names }),
    roundTrips: fields<NonNullable<PlacementNeeds['roundTrips']>>({
      regions: figures,
      providers: figures,
      maximumMilliseconds: whole,
    }),
    spread,
    maximumPerProvider: whole,
    maximumPerRegion: whole,
    maximumPricePerHourWei: amount,
    budgetWei: amount,
    maximumFaults: whole,
    maximumLapses: whole,
    minimumBondSeconds: whole,
    denyProviders: list(address, { maximum: 256 }),
    weights: fields<Partial<PlacementWeights>>({
      faultPercent: whole,
      lapsePercent: whole,
      otherRegionPercent: whole,
      roundTripPercent: whole,
    }),
  }),
  ['seconds'],
)

export const readMachine: JsonReader<PlannedMachine> = withAll(
  fields<PlannedMachine>({
    offerId: amount,
    provider: address,
    region: name,
    gpuModel: name,
    gpus: whole,
    vramGiB: whole,
    units: whole,
    pricePerSecondWei: amount,
    seconds: whole,
    maximumCostWei: amount,
    why: sentence,
  }),
  ['offerId', 'provider', 'region', 'gpuModel', 'units', 'pricePerSecondWei', 'seconds', 'maximumCostWei'],
)

export const readPlan: JsonReader<PlacementPlan> = withAll(
  fields<PlacementPlan>({
    needs,
    machines: list(readMachine, { maximum: mostMachines }),
    pricePerHourWei: amount,
    maximumCostWei: amount,
    budgetWei: amount,
    isBest: flag,
  }),
  ['needs', 'machines', 'maximumCostWei', 'budgetWei'],
)

export const readRunningPlacement: JsonReader<RunningPlacement> = withAll(
  fields<RunningPlacement>({
    payer: address,
    plan: readPlan,
    leaseIds: list(list(amount, { maximum: 256 }), { maximum: mostMachines }),
    fromBlock: amount,
  }),
  ['payer', 'plan', 'leaseIds', 'fromBlock'],
)
