// Senders did not pay in the token what their operations were to pay: the deposit paid for them.
import { formatEther } from 'viem'
import type { ReadOverview } from '../../admin/overview/readOverview.ts'
import type { AlertRule } from '../alertRule.ts'

export function unpaidCharge(readOverview: ReadOverview): AlertRule {
  return {
    kind: 'unpaidCharge',
    severity: 'warning',
    unit: 'wei',
    opens: 'above',
    defaults: { openAt: '1', closeAt: '0' },
    describe: 'What final operations of the last 24 hours were to pay in the token and did not',
    async measure() {
      const { totals } = await readOverview('24h')
      const unpaid = formatEther(BigInt(totals.unpaidChargeWei))
      return [
        {
          subject: null,
          value: totals.unpaidChargeWei,
          title: `Charges of ${unpaid} were not paid`,
          state: `Operations of the last 24 hours owe ${unpaid} in the token.`,
          remedy:
            'Look for who owes it among the operations, block the sender, or lower --deferred-per-sender-wei.',
        },
      ]
    },
  }
}
