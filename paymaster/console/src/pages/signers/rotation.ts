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

export function rotationOf(view: Pick<SignersView, 'items' | 'neededTrustBlocks'>): Rotation {
  const { items, neededTrustBlocks } = view
  const active = items.find(({ isActive }) => isActive)
  const going = items.find(({ state }) => state === 'retiring' || state === 'removable')
  if (going !== undefined) {
    return { step: going.state === 'removable' ? 'remove' : 'wait', next: active, old: going }
  }
  const coming = items.find(isStandby) ?? items.find(isNew)
  if (coming === undefined) return { step: 'key', next: undefined, old: active }
  const isDeep = coming.isTrusted && coming.trustedBlocks >= neededTrustBlocks
  return { step: isDeep ? 'activate' : 'trust', next: coming, old: active }
}

export type SignerAction = 'trust' | 'activate' | 'remove'

/** What may be done with one signer, in or out of a rotation. */
export function actionsFor(signer: SignerView, neededTrustBlocks: number): readonly SignerAction[] {
  if (signer.isActive) return []
  if (signer.state === 'untrusted') return ['trust']
  if (signer.state === 'removable' || signer.state === 'noKey') return ['remove']
  if (!isStandby(signer)) return []
  return signer.trustedBlocks >= neededTrustBlocks ? ['activate', 'remove'] : ['remove']
}

export type NextStep =
  | 'nothing'
  | 'trustAgain'
  | 'trust'
  | 'takeKeyOut'
  | 'deepen'
  | 'activate'
  | 'waitExpiry'
  | 'remove'
  | 'removeIfUnused'

/** What an operator is to do about it; the page has the words. */
export function nextStepOf(signer: SignerView, neededTrustBlocks: number): NextStep {
  switch (signer.state) {
    case 'untrusted':
      return signer.isActive ? 'trustAgain' : isSpent(signer) ? 'takeKeyOut' : 'trust'
    case 'standby':
      return signer.trustedBlocks >= neededTrustBlocks ? 'activate' : 'deepen'
    case 'retiring':
      return 'waitExpiry'
    case 'removable':
      return 'remove'
    case 'noKey':
      return 'removeIfUnused'
    default:
      return 'nothing'
  }
}

/** It has signed, and the contract trusts it no more: only its key is left here. */
function isSpent(signer: SignerView): boolean {
  return signer.state === 'untrusted' && !signer.isActive && signer.lastSignatureExpiresAtSeconds !== null
}

function isStandby({ state }: SignerView): boolean {
  return state === 'standby'
}

function isNew(signer: SignerView): boolean {
  return signer.state === 'untrusted' && !signer.isActive && !isSpent(signer)
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
