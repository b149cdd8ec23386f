// What anybody may know of a lease that is served here: as the chain and the machines say, read once per block.
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import type { LeaseState } from '@worldland-aa/sdk/actions/lease/lease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import type { Hash, PublicClient } from 'viem'
import type { MachineDriver, MachineState } from '../machines/machineDriver.ts'
import type { LeaseBook } from './leaseBook.ts'
import { userOf } from './leaseTerms.ts'

export type LeaseFacts = {
  readonly leaseId: string
  readonly state: LeaseState
  readonly secondsPaid: number
  readonly secondsLeft: number
  readonly machine: MachineState | 'none'
  readonly ports: readonly number[]
  readonly blockNumber: string
}

/** All throw where the node does not answer. */
export type LeaseReader = {
  /** Undefined for a lease that is not served here. */
  facts(leaseId: bigint): Promise<LeaseFacts | undefined>
  /**
   * Whether the chain's lease of that id is the one whose machine is here: a reorg may give the id to somebody else, who
   * must not find the machine of the one before.
   */
  isServed(leaseId: bigint): Promise<boolean>
}

export function createLeaseReader(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly driver: Pick<MachineDriver, 'find'>
  readonly leases: Pick<LeaseBook, 'find'>
  readonly head: () => Hash | undefined
}): LeaseReader {
  const { client, contracts, driver, leases, head } = options
  let read = new Map<bigint, ReturnType<typeof getLease>>()
  let readAt: Hash | undefined

  /** As many as there are leases here, at most. */
  async function leaseOf(leaseId: bigint) {
    if (readAt !== head()) read = new Map()
    readAt = head()
    const under = read
    const known = under.get(leaseId) ?? getLease(client, { contracts, leaseId })
    under.set(leaseId, known)
    known.catch(() => under.delete(leaseId))
    return await known
  }

  async function isServed(leaseId: bigint): Promise<boolean> {
    const here = leases.find(leaseId)
    if (here === undefined) return false
    try {
      return (await leaseOf(leaseId)).payer.toLowerCase() === here.payer
    } catch (error) {
      if (error instanceof ComputeError && error.errorName === 'UnknownLease') return false
      throw error
    }
  }

  return {
    isServed,
    async facts(leaseId) {
      const here = leases.find(leaseId)
      if (here === undefined || !(await isServed(leaseId))) return undefined
      const [lease, machine] = await Promise.all([leaseOf(leaseId), driver.find(userOf(leaseId))])
      return {
        leaseId: leaseId.toString(),
        state: lease.state,
        secondsPaid: lease.maximumSeconds,
        secondsLeft: Math.max(0, lease.maximumSeconds - lease.usedSeconds),
        machine: machine?.state ?? 'none',
        ports: here.ports,
        blockNumber: lease.blockNumber.toString(),
      }
    },
  }
}
