// The explorer and the overview as resources of the admin API, over one thread that reads the data file.
import { createQueryThread } from '@worldland-aa/service/database/queryThread'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Address, PublicClient } from 'viem'
import type { PaymasterConfig } from '../config.ts'
import type { ExplorerQueries } from '../decisions/explorer/queries.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Brake } from '../operator/brake.ts'
import { createReadTokenRevenue } from '../pricing/tokens/tokenRevenue.ts'
import type { Tokens } from '../pricing/tokens/tokens.ts'
import type { Treasury } from '../treasury/treasury.ts'
import type { AdminRoutes } from './adminApi.ts'
import { createAskBundler } from './operations/askBundler.ts'
import { createReadReceipt } from './operations/readReceipt.ts'
import { createOperationsRoutes } from './operations/routes.ts'
import type { OpenAlert } from './overview/describeHouse.ts'
import { createReadOverview, type ReadOverview } from './overview/readOverview.ts'
import { createOverviewRoutes } from './overview/routes.ts'

export type Explorer = {
  readonly resources: readonly AdminRoutes[]
  /** For alerts too: runway, refusals, deposit. */
  readonly readOverview: ReadOverview
  readonly part: Part
}

export function composeExplorer(options: {
  readonly config: Pick<PaymasterConfig, 'dataFile' | 'bundlerUrl'>
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly ledger: Pick<Ledger, 'position'>
  readonly treasury: Pick<Treasury, 'funds'>
  readonly tokens: Pick<Tokens, 'all'>
  readonly brake: Pick<Brake, 'pausedSince'>
  readonly openAlerts?: () => Promise<readonly OpenAlert[]>
  readonly now: () => number
}): Explorer {
  const { config, client, entryPoint } = options
  const explorer = createQueryThread<ExplorerQueries>({
    path: config.dataFile,
    module: '@worldland-aa/paymaster/decisions/explorer/queries',
  })
  const readOverview = createReadOverview({
    ...{ openAlerts: async () => [], ...options, explorer },
    readTokenRevenue: createReadTokenRevenue(options),
  })
  return {
    resources: [
      createOperationsRoutes({
        explorer,
        askBundler: createAskBundler(config.bundlerUrl),
        readReceipt: createReadReceipt({ client, entryPoint }),
      }),
      createOverviewRoutes({ readOverview }),
    ],
    readOverview,
    part: { name: 'explorer', async start() {}, stop: () => explorer.stop() },
  }
}
