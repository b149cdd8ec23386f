// All that the next act for one lease depends on: what the chain says at its head, what its machine does, what this
// daemon remembers.
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { MachineState } from '../machines/machineDriver.ts'

export type LeaseAtHead = Pick<
  Lease,
  'state' | 'usedSeconds' | 'maximumSeconds' | 'deadlineBlock' | 'ping' | 'blockNumber'
>

/** Of what a person must know. */
export type Refusal = { readonly reason: string }

export type Situation = {
  /** Undefined: the chain has no lease of this provider under the number. */
  readonly lease: LeaseAtHead | undefined
  readonly machine: MachineState | 'none'
  /**
   * False: what was taken under this number is another lease, which had it before a reorg; the machine was made for that
   * one, and what was sent for that one may land on this.
   */
  readonly isMachineOfLease: boolean
  /** Whether this provider takes, or took, the lease. */
  readonly verdict: 'open' | 'taken' | Refusal
  /** Nothing new is taken. */
  readonly isDraining: boolean
  /** Of what the machine needs, such as its image. */
  readonly preparation: 'none' | 'underWay' | 'done' | Refusal
  /** Whether what its renter wants to answer before `ready` does; `yes` where nothing has to. */
  readonly answers: 'no' | 'underWay' | 'yes'
  /** In a row, since the machine last ran well. */
  readonly failedStarts: { readonly count: number; readonly reason: string }
  /** One start a block is enough for a machine that does not stay. */
  readonly wasStartedInThisBlock: boolean
  /** False once the market lets it pause no more. */
  readonly mayPause: boolean
  /** For so many blocks nothing entitles the machine to be, or a lease to be ready; undefined while something does. */
  readonly unentitledBlocks: number | undefined
  readonly finalityBlocks: number
}

export type Act =
  | { readonly kind: 'judge' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'prepare' }
  | { readonly kind: 'start' }
  /** Asks the machine whether its program answers. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'resume' }
  /** Ends it on the chain; before it is ready, that gives the payer everything back. */
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'settle' }
  | { readonly kind: 'freeze' }
  | { readonly kind: 'thaw' }
  | { readonly kind: 'wipe' }
  /** Nothing of it is left, on the chain or here. */
  | { readonly kind: 'forget' }
  | { readonly kind: 'wait'; readonly forWhat: 'chain' | 'machine' }

/** Exits and refusals in a row after which a machine is given up. */
export const mostFailedStarts = 5

export function isUp(machine: Situation['machine']): boolean {
  return machine === 'running' || machine === 'starting'
}

/** Over, but for the settling of one that was stopped. */
export function hasEnded({ state }: Pick<LeaseAtHead, 'state'>): boolean {
  return state === 'none' || state === 'stopped' || isClosed(state)
}

export function isClosed(state: LeaseAtHead['state']): boolean {
  return state === 'settled' || state === 'expired' || state === 'faulted'
}

/** Its meter runs, or ran: the chain has this provider's word that its machine was ready. */
export function isHandedOver({ state }: Pick<LeaseAtHead, 'state'>): boolean {
  return state === 'ready' || state === 'paused'
}

/** What is sent now lands in the next block at the earliest. */
export function isLate({ deadlineBlock, blockNumber }: LeaseAtHead): boolean {
  return deadlineBlock !== undefined && blockNumber >= deadlineBlock
}
