// What this machine has to rent out, as it is found at the start, and whether that is what the offers promise.
import { statfs } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import type { Logger } from '@worldland-aa/service/logger'
import type { MarketFile } from '../market/marketSchema.ts'
import { type Gpu, queryGpus } from './queryGpus.ts'

export type Hardware = {
  readonly gpus: readonly Gpu[]
  readonly cpus: number
  readonly memoryMiB: number
  /** Free where the data folder lies. */
  readonly diskGiB: number
}

export async function discoverHardware(folder: string, logger: Logger): Promise<Hardware> {
  const [found, disk] = await Promise.all([queryGpus(), statfs(folder)])
  if (!found.ok) logger.warn(found.refusal)
  const hardware = {
    gpus: found.ok ? found.value : [],
    cpus: cpus().length,
    memoryMiB: Math.floor(totalmem() / 1024 ** 2),
    diskGiB: Math.floor((disk.bavail * disk.bsize) / 1024 ** 3),
  }
  logger.info(hardware, 'found what this machine has to rent out')
  return hardware
}

/** In sentences; none where all that is promised is there. */
export function brokenPromises(
  { offers }: Pick<MarketFile, 'offers'>,
  hardware: Hardware,
): readonly string[] {
  const promised = (of: 'gpus' | 'cpus' | 'memoryMiB' | 'diskGiB'): number =>
    offers.reduce((sum, offer) => sum + (offer[of] ?? 0) * offer.capacityUnits, 0)
  const tooMuch = (what: string, wanted: number, has: number): string[] =>
    wanted > has
      ? [
          `the offers promise ${wanted} ${wanted === 1 ? what.replace(/s$/, '') : what}, but this machine has ${has}`,
        ]
      : []
  // A card that is sold as 24 GiB tells of a little less.
  const smallestGiB = Math.ceil(Math.min(...hardware.gpus.map(({ memoryMiB }) => memoryMiB / 1024)))
  const tooLarge = offers.filter(({ vramGiB }) => hardware.gpus.length > 0 && vramGiB > smallestGiB)
  return [
    ...tooMuch('GPUs', promised('gpus'), hardware.gpus.length),
    ...tooMuch('CPUs', promised('cpus'), hardware.cpus),
    ...tooMuch('MiB of memory', promised('memoryMiB'), hardware.memoryMiB),
    ...tooMuch('GiB of disk', promised('diskGiB'), hardware.diskGiB),
    ...tooLarge.map(
      ({ name, vramGiB }) =>
        `the offer ${name} promises ${vramGiB} GiB of GPU memory, but a GPU here has ${smallestGiB}`,
    ),
  ]
}
