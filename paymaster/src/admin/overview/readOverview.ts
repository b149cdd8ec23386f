// Gathers what the overview is made of. Many consoles that hear of the same block ask at once: they share an answer.
import type { QueryThread } from '@worldland-aa/service/database/queryThread'
import type { ExplorerQueries } from '../../decisions/explorer/queries.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import type { Brake } from '../../operator/brake.ts'
import type { Treasury } from '../../treasury/treasury.ts'
import { describeHouse, type OpenAlert, sinceOf } from './describeHouse.ts'
import type { Overview, OverviewRange, TokenRevenue } from './schema.ts'

export type ReadOverview = (range: OverviewRange) => Promise<Overview>

/** Within that, who asks is answered alike. */
const sharedMilliseconds = 1_000

export function createReadOverview(options: {
  readonly explorer: Pick<QueryThread<ExplorerQueries>, 'ask'>
  readonly ledger: Pick<Ledger, 'position'>
  readonly treasury: Pick<Treasury, 'funds'>
  readonly brake: Pick<Brake, 'pausedSince'>
  readonly openAlerts: () => Promise<readonly OpenAlert[]>
  readonly readTokenRevenue: () => Promise<readonly TokenRevenue[]>
  /** Seconds since the Unix epoch, as the chain measures them. */
  readonly now: () => number
}): ReadOverview {
  const { explorer, ledger, treasury, brake } = options
  const shared = new Map<OverviewRange, { readonly until: number; readonly answer: Promise<Overview> }>()

  async function read(range: OverviewRange): Promise<Overview> {
    const nowSeconds = options.now()
    const [figures, position, openAlerts, tokenRevenue] = await Promise.all([
      explorer.ask('house', { sinceSeconds: sinceOf(range, nowSeconds) }),
      ledger.position(),
      options.openAlerts(),
      options.readTokenRevenue(),
    ])
    return describeHouse({
      ...{ range, nowSeconds, figures, position, openAlerts, tokenRevenue },
      funds: treasury.funds(),
      pausedSince: brake.pausedSince(),
    })
  }

  return async range => {
    const known = shared.get(range)
    if (known !== undefined && performance.now() < known.until) return await known.answer
    const answer = read(range)
    shared.set(range, { until: performance.now() + sharedMilliseconds, answer })
    answer.catch(() => shared.delete(range))
    return await answer
  }
}
