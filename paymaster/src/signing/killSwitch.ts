// For a key in wrong hands: nothing is signed from this moment on, and the contract is to trust the signer no more. What it
// has signed and still could land does not from then on, and that is the purpose.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, getAddress } from 'viem'
import type { Actor } from '../admin/adminEnvironment.ts'
import type { PreparedTransaction } from '../admin/treasury/schema.ts'
import type { Brake } from '../operator/brake.ts'
import type { TreasuryDesk } from '../treasury/desk.ts'
import type { Row } from '../treasury/journal.ts'
import type { Signers } from './signers.ts'

export type KillSwitch = (asked: {
  /** The active one, where it is left open. */
  readonly signer?: Address | undefined
  /** By the treasury key, where that is the owner's. */
  readonly execute: boolean
  readonly requestId: string
  readonly actor: Actor
}) => Promise<
  Result<{
    readonly pausedSince: number
    readonly removal: PreparedTransaction
    readonly executed: Row | undefined
  }>
>

export function createKillSwitch(options: {
  readonly brake: Pick<Brake, 'pause' | 'pausedSince'>
  readonly signers: Pick<Signers, 'active'>
  readonly desk: Pick<TreasuryDesk, 'prepare' | 'execute'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): KillSwitch {
  const { brake, signers, desk, now } = options
  return async ({ signer, execute, requestId, actor }) => {
    const request = { kind: 'removeSigner' as const, signer: getAddress(signer ?? signers.active()) }
    // First of all, and whatever comes of the rest.
    const at = now()
    await brake.pause(at)
    const pausedSince = brake.pausedSince() ?? at
    const prepared = await desk.prepare(request, { isEmergency: true })
    if (!prepared.ok) return prepared
    const removal = prepared.value.transaction
    if (!execute) return accept({ pausedSince, removal, executed: undefined })
    const executed = await desk.execute({ requestId, request, actor, isEmergency: true })
    return executed.ok ? accept({ pausedSince, removal, executed: executed.value }) : executed
  }
}
