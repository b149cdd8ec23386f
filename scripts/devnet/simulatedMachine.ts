// A machine that is none: it is described as if what the renter asked for ran on this host.
import type { LeaseAccess } from '@worldland-aa/sdk/sealing/leaseAccess'
import type { RentalRequest } from '@worldland-aa/sdk/sealing/rentalRequest'

export function simulatedMachine(leaseId: bigint, request: RentalRequest): LeaseAccess {
  const { image = 'the offer’s own image', ports = [] } = request
  return {
    ssh: { host: '127.0.0.1', port: 22_000 + Number(leaseId % 10_000n), user: 'renter' },
    // As many as the access has room for.
    urls: ports.slice(0, 8).map(port => ({ port, url: `https://lease-${leaseId}-${port}.example` })),
    note: `simulated; runs ${image.slice(0, 200)}`,
  }
}
