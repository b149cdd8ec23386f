// What the flags say is needed, as `planRental` takes it.
import { type Address, isAddress, parseEther } from 'viem'
import type { PlacementNeeds } from '../../actions/placement/needs.ts'
import { type Flags, wholeNumber } from './flags.ts'
import { UsageError } from './usageError.ts'

export function needsOfFlags(flags: Flags): PlacementNeeds {
  return {
    machines: wholeNumber(flags, 'machines') ?? (flags.gpus === undefined ? 1 : undefined),
    gpus: wholeNumber(flags, 'gpus'),
    unitsPerMachine: wholeNumber(flags, 'units'),
    seconds: secondsOf(flags),
    gpuModels: flags.gpu,
    minimumVramGiB: wholeNumber(flags, 'vram'),
    regions: { allow: flags.region, deny: flags['not-region'], prefer: flags['prefer-region'] },
    roundTrips: roundTripsOf(flags),
    spread: spreadOf(flags),
    maximumPerProvider: wholeNumber(flags, 'per-provider'),
    maximumPerRegion: wholeNumber(flags, 'per-region'),
    maximumPricePerHourWei: tokens(flags, 'price'),
    budgetWei: tokens(flags, 'budget'),
    maximumFaults: wholeNumber(flags, 'faults'),
    maximumLapses: wholeNumber(flags, 'lapses'),
    minimumBondSeconds: wholeNumber(flags, 'bond-seconds'),
    denyProviders: flags['not-provider']?.map(addressOf),
  }
}

/** Token wei; undefined if it was not given. */
export function tokens(flags: Flags, name: 'price' | 'budget'): bigint | undefined {
  const written = flags[name]
  if (written === undefined) return undefined
  if (/^\d{1,20}(\.\d{1,18})?$/.test(written)) return parseEther(written)
  throw new UsageError(`--${name} is "${written}": give tokens in decimals, such as 1.5.`)
}

function secondsOf(flags: Flags): number {
  const seconds = wholeNumber(flags, 'seconds')
  if ((seconds === undefined) === (flags.hours === undefined)) {
    throw new UsageError('Say for how long: --hours or --seconds, one of the two.')
  }
  if (seconds !== undefined) return seconds
  if (!/^\d{1,7}(\.\d{1,6})?$/.test(flags.hours ?? '')) {
    throw new UsageError(`--hours is "${flags.hours}": give a number such as 2 or 0.5.`)
  }
  return Math.round(Number(flags.hours) * 3_600)
}

function spreadOf({ spread }: Flags): PlacementNeeds['spread'] {
  if (spread === undefined || spread === 'providers' || spread === 'regions' || spread === 'close')
    return spread
  throw new UsageError(`--spread is "${spread}": it is providers, regions or close.`)
}

function roundTripsOf(flags: Flags): PlacementNeeds['roundTrips'] {
  const regions: Record<string, number> = {}
  const providers: Record<Address, number> = {}
  for (const written of flags['round-trip'] ?? []) {
    const [, name, milliseconds] = /^(.{1,128})=(\d{1,7})$/.exec(written) ?? []
    if (name === undefined) {
      throw new UsageError(
        `--round-trip is "${written}": give a region or provider and milliseconds, KR-Seoul=12.`,
      )
    }
    if (isAddress(name, { strict: false })) providers[name] = Number(milliseconds)
    else regions[name] = Number(milliseconds)
  }
  return { regions, providers, maximumMilliseconds: wholeNumber(flags, 'maximum-round-trip') }
}

function addressOf(written: string): Address {
  if (isAddress(written, { strict: false })) return written
  throw new UsageError(`--not-provider is "${written}", which is no address.`)
}
