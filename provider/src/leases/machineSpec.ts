// The machine of a lease, from what was taken and what its renter asks for.
import type { RentalRequest } from '@worldland-aa/sdk/sealing/rentalRequest'
import type { MachineSpec } from '../machines/machineDriver.ts'
import { isImageListed } from '../market/imageRule.ts'
import type { WantedOffer } from '../market/marketSchema.ts'
import type { LeaseResources } from './leaseBook.ts'

export const machineKeyOf = (leaseId: bigint): string => `lease-${leaseId}`

export function leaseIdOf(key: string): bigint | undefined {
  const digits = /^lease-(\d{1,15})$/.exec(key)?.[1]
  return digits === undefined ? undefined : BigInt(digits)
}

export function resourcesOf(offer: WantedOffer, units: number): LeaseResources {
  const { name, gpus, cpus, memoryMiB, diskGiB, image } = offer
  return {
    offer: name,
    gpus: gpus * units,
    ...(cpus !== undefined && { cpus: cpus * units }),
    ...(memoryMiB !== undefined && { memoryMiB: memoryMiB * units }),
    ...(diskGiB !== undefined && { diskGiB: diskGiB * units }),
    ...(image !== undefined && { image }),
  }
}

export function leaseMachineSpec(options: {
  readonly leaseId: bigint
  readonly request: RentalRequest
  readonly resources: LeaseResources
  readonly gpus: readonly string[]
  readonly hasImages: boolean
  readonly acceptedImages: readonly string[]
}): MachineSpec {
  const { leaseId, request, resources, gpus, hasImages, acceptedImages } = options
  const { cpus, memoryMiB } = resources
  return {
    key: machineKeyOf(leaseId),
    owner: 'lease',
    // The offer's own image is for engines that have images.
    image: request.image ?? (hasImages ? resources.image : undefined),
    isImageListed:
      request.image === undefined || isImageListed(request.image, acceptedImages, resources.image),
    registryLogin: request.registryLogin,
    command: request.command,
    environment: { WORLDLAND_LEASE_ID: String(leaseId), ...request.env },
    ports: request.ports ?? [],
    diskGiB: request.diskGiB ?? resources.diskGiB,
    ...{ gpus, cpus, memoryMiB },
  }
}
