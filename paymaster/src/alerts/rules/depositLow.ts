// What is free of the gas deposit is too little to go on with.
import { formatEther } from 'viem'
import type { Ledger } from '../../ledger/ledger.ts'
import type { AlertRule } from '../alertRule.ts'

export function depositLow(options: {
  readonly ledger: Pick<Ledger, 'position'>
  /** Below that the treasury fills it up, where it can. */
  readonly depositMinimumWei: bigint
}): AlertRule {
  const { ledger, depositMinimumWei } = options
  return {
    kind: 'depositLow',
    severity: 'critical',
    unit: 'wei',
    opens: 'below',
    defaults: { openAt: String(depositMinimumWei / 2n), closeAt: String(depositMinimumWei) },
    describe: 'The part of the gas deposit that is not held for operations under way',
    async measure() {
      const position = await ledger.position()
      if (position === undefined) return []
      const { depositWei, depositHeldWei } = position
      const freeWei = depositWei > depositHeldWei ? depositWei - depositHeldWei : 0n
      return [
        {
          subject: null,
          value: String(freeWei),
          title: `The gas deposit is low: ${formatEther(freeWei)} are free`,
          state: `Of ${formatEther(depositWei)} in the EntryPoint ${formatEther(depositHeldWei)} are held for operations under way.`,
          remedy: 'Top it up: at zero nothing is signed any more.',
        },
      ]
    },
  }
}
