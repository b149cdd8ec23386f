// How far a rotation has come, out of what the contract and the service say of each signer. Nothing is remembered: a
// rotation that somebody began elsewhere, or before a restart, is found where it stands.
import type { SignersView, SignerView } from '../../../../src/admin/signers/schema.ts'

export type RotationStep = 'key' | 'trust' | 'activate' | 'wait' | 'remove'
export const rotationSteps = ['key', 'trust', 'activate', 'wait', 'remove'] as const

export type Rotation = {
  readonly step: RotationStep
  /** The one that is to sign, or has just begun to. */
  readonly next: SignerView | undefined
  /** The one that goes. */
  readonly old: SignerView | undefined
}

export function rotationOf({ items }: Pick<SignersView, 'items'>): Rotation {
  const active = items.find(({ isActive }) => isActive)
  const going = items.find(({ state }) => state === 'retiring' || state === 'removable')
  if (going !== undefined) {
    return { step: going.state === 'removable' ? 'remove' : 'wait', next: active, old: going }
  }
  const coming =
    items.find(({ state }) => state === 'standby') ?? items.find(({ state }) => state === 'untrusted')
  if (coming === undefined) return { step: 'key', next: undefined, old: active }
  return { step: coming.state === 'standby' ? 'activate' : 'trust', next: coming, old: active }
}

export type Waiting = {
  /** Until its last signature is past its validity, by the clock. */
  readonly secondsLeft: number
  /** By the newest final block; a block of that time has to be so deep. */
  readonly finalSecondsLeft: number
}

export function waitingFor(
  old: SignerView,
  { finalBlockAtSeconds }: Pick<SignersView, 'finalBlockAtSeconds'>,
  nowSeconds: number,
): Waiting {
  const until = old.lastSignatureExpiresAtSeconds ?? 0
  return {
    secondsLeft: Math.max(0, until - nowSeconds),
    finalSecondsLeft: Math.max(0, until - (finalBlockAtSeconds ?? 0)),
  }
}
