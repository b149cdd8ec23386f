// The admin API of the money and the keys: what the treasury, the signers, the books and the bundler beside it answer.
import { systemClock } from '@worldland-aa/service/clock'
import type { PublicClient } from 'viem'
import type { AdminRoutes } from '../admin/adminApi.ts'
import type { AuditLog } from '../admin/auditLog.ts'
import { createBundlerRoutes } from '../admin/bundler/routes.ts'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import { createReconciliationRoutes } from '../admin/reconciliation/routes.ts'
import { createSignersRoutes } from '../admin/signers/routes.ts'
import { createTreasuryRoutes } from '../admin/treasury/routes.ts'
import type { PaymasterConfig } from '../config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Brake } from '../operator/brake.ts'
import type { Reconciliation } from '../reconciliation/reconciliation.ts'
import { createKillSwitch } from '../signing/killSwitch.ts'
import type { Signers } from '../signing/signers.ts'
import { createAskBundler } from './askBundler.ts'
import type { ContractFacts } from './contractFacts.ts'
import type { TreasuryDesk } from './desk.ts'
import { createShowTreasury } from './showTreasury.ts'
import type { Treasury, TreasurySettings } from './treasury.ts'

export function createHouseRoutes(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly config: Pick<PaymasterConfig, 'bundlerUrl' | 'finalityBlocks'>
  readonly settings: TreasurySettings
  readonly treasury: Treasury
  readonly desk: TreasuryDesk
  readonly reconciliation: Reconciliation
  readonly ledger: Ledger
  readonly signers: Signers
  readonly brake: Brake
  readonly audit: AuditLog
  readonly live: LiveUpdates
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): readonly AdminRoutes[] {
  const { finalityBlocks, bundlerUrl } = options.config
  return [
    createTreasuryRoutes({ ...options, show: createShowTreasury(options) }),
    createSignersRoutes({ ...options, finalityBlocks, killSwitch: createKillSwitch(options) }),
    createReconciliationRoutes(options),
    createBundlerRoutes({ askBundler: createAskBundler(bundlerUrl, systemClock) }),
  ]
}
