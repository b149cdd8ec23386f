// Who is in the machines right now, by whose right: at each block, whoever's right no longer holds is put out.
import type { Address } from 'viem'

export type Guest = {
  readonly leaseId: bigint
  readonly user: Address
  /** Closes what he came in by. */
  readonly putOut: () => void
}

export type Guests = {
  /** Call what it returns when he leaves by himself; undefined when the lease has as many as it may. */
  enter(guest: Guest): (() => void) | undefined
  /** Puts out whom `mayStay` says no to; throws where it throws, with everybody still in whom it was not asked about. */
  review(mayStay: (leaseId: bigint, user: Address) => Promise<boolean>): Promise<number>
  putOutOf(leaseId: bigint): void
  putAllOut(): void
  count(): number
}

const mostPerLease = 256

export function createGuests(): Guests {
  const guests = new Map<bigint, Set<Guest>>()

  function leave(guest: Guest): void {
    const present = guests.get(guest.leaseId)
    present?.delete(guest)
    if (present?.size === 0) guests.delete(guest.leaseId)
  }

  function putOut(guest: Guest): void {
    leave(guest)
    guest.putOut()
  }

  const all = (): readonly Guest[] => [...guests.values()].flatMap(present => [...present])

  return {
    enter(guest) {
      const present = guests.get(guest.leaseId) ?? new Set()
      if (present.size >= mostPerLease) return undefined
      guests.set(guest.leaseId, present.add(guest))
      return () => leave(guest)
    },
    async review(mayStay) {
      const judged = all().map(async guest => {
        if (await mayStay(guest.leaseId, guest.user)) return false
        putOut(guest)
        return true
      })
      const settled = await Promise.allSettled(judged)
      const failed = settled.find(({ status }) => status === 'rejected')
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason
      return settled.filter(one => one.status === 'fulfilled' && one.value).length
    },
    putOutOf(leaseId) {
      for (const guest of guests.get(leaseId) ?? []) putOut(guest)
    },
    putAllOut() {
      for (const guest of all()) putOut(guest)
    },
    count: () => all().length,
  }
}
