// The admin API of the money and the keys: what the treasury, the signers, the books and the bundler beside it answer.
import type { PublicClient } from 'viem'
import type { AdminRoutes } from '../admin/adminApi.ts'
import type { AuditLog } from '../admin/auditLog.ts'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import { createReconciliationRoutes } from '../admin/reconciliation/routes.ts'
import { createSignersRoutes } from '../admin/signers/routes.ts'
import { createTreasuryRoutes } from '../admin/treasury/routes.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Brake } from '../operator/brake.ts'
import { createKillSwitch } from '../signing/killSwitch.ts'
import type { Signers } from '../signing/signers.ts'
import type { HouseTreasury } from './composeTreasury.ts'
import type { ContractFacts } from './contractFacts.ts'
import { createShowTreasury } from './showTreasury.ts'

export function createHouseRoutes(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly house: HouseTreasury
  readonly ledger: Ledger
  readonly signers: Signers
  readonly brake: Brake
  readonly finalityBlocks: number
  readonly audit: AuditLog
  readonly live: LiveUpdates
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): readonly AdminRoutes[] {
  const { desk, reconciliation } = options.house
  return [
    createTreasuryRoutes({ ...options, show: createShowTreasury({ ...options, ...options.house }), desk }),
    createSignersRoutes({ ...options, desk, killSwitch: createKillSwitch({ ...options, desk }) }),
    createReconciliationRoutes({ ...options, reconciliation }),
  ]
}
