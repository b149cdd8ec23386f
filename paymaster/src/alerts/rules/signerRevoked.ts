// The contract trusts the key no more that is to sign.
import type { Signers } from '../../signing/signers.ts'
import type { AlertRule } from '../alertRule.ts'

export function signerRevoked(signers: Pick<Signers, 'active' | 'isTrusted'>): AlertRule {
  return {
    kind: 'signerRevoked',
    severity: 'critical',
    unit: 'count',
    opens: 'above',
    defaults: { openAt: '1', closeAt: '0' },
    describe: '1 while the contract does not trust the key that signs',
    async measure() {
      const signer = signers.active()
      const isTrusted = signers.isTrusted()
      return [
        {
          subject: null,
          value: isTrusted ? '0' : '1',
          title: `The contract does not trust the signer ${signer}`,
          state: isTrusted
            ? `The contract trusts the signer ${signer}.`
            : `Nothing is signed: operations that ${signer} signed would be refused.`,
          remedy: 'Have the owner add the signer again, or give the service another key.',
        },
      ]
    },
  }
}
