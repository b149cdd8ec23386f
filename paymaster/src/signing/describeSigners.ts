// The signers in words, for the command line.
import type { SignerStanding } from './signers.ts'

export function describeSigners(signers: readonly SignerStanding[]): string {
  return ['signers:', ...signers.map(signer => `  ${signer.address} ${describeSigner(signer)}`)].join('\n')
}

/** Said of one that does not sign any more: when its removal breaks nothing. */
export function describeSigner(signer: SignerStanding): string {
  const { isActive, isTrusted, hasKey, isExpired, lastValidUntil } = signer
  const trust = isTrusted ? 'trusted by the contract' : 'not trusted by the contract'
  const last = lastValidUntil === undefined ? undefined : new Date(lastValidUntil * 1000).toISOString()
  const ending = isExpired
    ? 'all it signed has expired: may be removed'
    : `signed until ${last}: not yet to be removed`
  return [
    ...(isActive ? ['signs'] : []),
    trust,
    ...(hasKey ? [] : ['no key here']),
    ...(!isActive && isTrusted && last !== undefined ? [ending] : []),
  ].join(', ')
}
