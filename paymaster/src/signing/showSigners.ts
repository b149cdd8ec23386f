// The signers as the admin API tells them: where each stands in a rotation, and what to do next.
import type { SignerState, SignerView } from '../admin/signers/schema.ts'
import type { SignerStanding } from './signers.ts'

export function showSigner(signer: SignerStanding): SignerView {
  const { address, hasKey, isActive, isTrusted, blocks, lastValidUntil, isExpired } = signer
  return {
    address,
    state: stateOf(signer),
    hasKey,
    isActive,
    isTrusted,
    trustedBlocks: blocks,
    lastSignatureExpiresAtSeconds: lastValidUntil ?? null,
    isExpired,
    nextStep: nextStepOf(signer),
  }
}

function stateOf(signer: SignerStanding): SignerState {
  const { hasKey, isActive, isTrusted, lastValidUntil, isExpired } = signer
  if (isActive) return isTrusted ? 'active' : 'untrusted'
  if (!isTrusted) return hasKey ? 'untrusted' : 'removed'
  if (lastValidUntil === undefined) return hasKey ? 'standby' : 'noKey'
  return isExpired ? 'removable' : 'retiring'
}

function nextStepOf(signer: SignerStanding): string | null {
  const { isDeep, isActive, hasKey } = signer
  switch (stateOf(signer)) {
    case 'active':
      return null
    case 'untrusted':
      return isActive
        ? "Nothing is signed: the contract's owner has to trust it again, or a signer whose key is here"
        : "Have the contract's owner trust it"
    case 'standby':
      return isDeep ? 'It may become active' : 'Wait until the block that trusts it has a few on top'
    case 'retiring':
      return 'Wait until what it signed has expired in a final block'
    case 'removable':
      return "Have the contract's owner remove it"
    case 'noKey':
      return hasKey ? null : "If no other service signs by it, have the contract's owner remove it"
    case 'removed':
      return null
  }
}
