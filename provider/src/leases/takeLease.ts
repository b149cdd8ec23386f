// Judges a lease by the provider's rules and, where it is taken, puts on the disk what its machine is to be and gives it
// its GPUs: before anything is sent.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { RentalRequest } from '@worldland-aa/sdk/sealing/rentalRequest'
import type { GpuBook } from '../hardware/gpuBook.ts'
import { reasonsAgainst } from '../market/acceptance.ts'
import type { AcceptRules, WantedOffer } from '../market/marketSchema.ts'
import type { LeaseBook, LeaseResources } from './leaseBook.ts'
import { machineKeyOf, resourcesOf } from './machineSpec.ts'
import type { LeaseRequest } from './requests.ts'
import type { Situation } from './situation.ts'

export type TakeLeaseTools = {
  readonly book: LeaseBook
  readonly gpus: GpuBook
  readonly rules: () => AcceptRules
  /** Of the market file; undefined: it holds it no more. */
  readonly offerOf: (
    offerId: bigint,
  ) => Promise<{ readonly wanted: WantedOffer | undefined; readonly gpuCount: number }>
  readonly payerScore: (payer: Lease['payer']) => Promise<number>
  readonly hasImages: boolean
}

export type TakeLease = (lease: Lease, request: LeaseRequest) => Promise<Situation['verdict']>

export function createTakeLease(tools: TakeLeaseTools): TakeLease {
  const { book, gpus } = tools

  async function judge(lease: Lease, request: RentalRequest, offer: WantedOffer | undefined) {
    const question = { lease, request, offer, rules: tools.rules(), hasImages: tools.hasImages }
    return reasonsAgainst({ ...question, payerScore: await tools.payerScore(lease.payer) })
  }

  return async (lease, { terms, opened }) => {
    if (!opened.ok) return { reason: `${opened.problem} ${opened.remedy}` }
    const { leaseId, units, state } = lease
    const known = book.taken(leaseId)
    const isKnown = known?.terms === terms
    const { wanted, gpuCount } = await tools.offerOf(lease.offerId)
    // What was accepted is served, whatever the rules have become; what nobody here remembers too: the chain has the word
    // of this provider for it.
    if (!isKnown && (state === 'locked' || known !== undefined)) {
      const reasons = await judge(lease, opened.request, wanted)
      if (reasons.length > 0) return { reason: reasons.join('; ') }
    }
    const resources: LeaseResources = isKnown
      ? known.resources
      : wanted === undefined
        ? { offer: undefined, gpus: gpuCount * units }
        : resourcesOf(wanted, units)
    const assigned = await gpus.assign(machineKeyOf(leaseId), resources.gpus)
    if (!assigned.ok) return { reason: assigned.refusal }
    if (!isKnown) await book.take(leaseId, { terms, resources })
    return 'taken'
  }
}
