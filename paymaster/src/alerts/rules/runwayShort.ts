// The deposit lasts for few days more, if it goes on as in the last 24 hours.
import { formatEther } from 'viem'
import type { ReadOverview } from '../../admin/overview/readOverview.ts'
import type { AlertRule } from '../alertRule.ts'

export function runwayShort(readOverview: ReadOverview): AlertRule {
  return {
    kind: 'runwayShort',
    severity: 'warning',
    unit: 'days',
    opens: 'below',
    defaults: { openAt: '7', closeAt: '8' },
    describe: 'Days for which the free part of the gas deposit lasts at the burn of the last 24 hours',
    async measure() {
      const { runway } = await readOverview('24h')
      if (runway.days === null) return []
      const days = runway.days.toFixed(1)
      const [free, burned] = [runway.freeWei, runway.burnedInLastDayWei].map(wei => formatEther(BigInt(wei)))
      return [
        {
          subject: null,
          value: days,
          title: `The gas deposit lasts for ${days} days`,
          state: `${free} of the deposit are free, and ${burned} a day are spent for good.`,
          remedy: 'Top the deposit up, or lower the budgets of the policies.',
        },
      ]
    },
  }
}
