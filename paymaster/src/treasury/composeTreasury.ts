// The money stage put together: the treasury that looks after stake and deposit by itself, and the desk at which the
// operator moves money, both by one key and with one history.
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import type { PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { AdminRoutes } from '../admin/adminApi.ts'
import type { AuditLog } from '../admin/auditLog.ts'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import type { PaymasterConfig } from '../config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { Brake } from '../operator/brake.ts'
import { createReconciliation, type Reconciliation } from '../reconciliation/reconciliation.ts'
import type { Signers } from '../signing/signers.ts'
import type { ContractFacts } from './contractFacts.ts'
import { createTreasuryDesk, type TreasuryDesk } from './desk.ts'
import { createHouseRoutes } from './houseRoutes.ts'
import { createTransactionSender } from './transactions.ts'
import { createTreasury, type Treasury, type TreasurySettings } from './treasury.ts'

export type HouseTreasury = {
  readonly treasury: Treasury
  readonly desk: TreasuryDesk
  readonly settings: TreasurySettings
  readonly reconciliation: Reconciliation
  /** After settlement has taken the block in. */
  onBlock(number: bigint): void
  /** Of the admin API. */
  routes(others: { readonly brake: Brake; readonly audit: AuditLog }): readonly AdminRoutes[]
}

export function composeTreasury(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly config: PaymasterConfig
  readonly database: Kysely<LedgerSchema>
  readonly ledger: Ledger
  readonly signers: Signers
  readonly live: LiveUpdates
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  /** Reads anew what bundlers are given beside the gas. */
  readonly readTip: () => Promise<void>
  readonly logger: Logger
  readonly onFirstRound: () => void
}): HouseTreasury {
  const { client, facts, config, ledger, live, logger } = options
  const settings: TreasurySettings = {
    stakeWei: config.stakeWei,
    unstakeDelaySeconds: config.unstakeDelaySeconds,
    depositMinimumWei: config.depositMinimumWei,
    depositTargetWei: config.depositTargetWei,
    everyBlocks: config.treasuryEveryBlocks,
  }
  const sender =
    config.treasuryKey &&
    createTransactionSender({
      client,
      chainId: facts.chainId,
      account: privateKeyToAccount(config.treasuryKey),
      pollMilliseconds: config.pollMilliseconds,
      logger,
    })
  const desk = createTreasuryDesk({
    ...options,
    unstakeDelaySeconds: config.unstakeDelaySeconds,
    sender,
    finalityBlocks: config.finalityBlocks,
  })
  desk.onChange(id => live.tell({ kind: 'treasury', id }))
  const treasury = createTreasury({
    client,
    facts,
    settings,
    tankSenders: () => ledger.tankSenders(),
    sender: sender && { address: sender.address, send: desk.sendByItself },
    logger,
    onFirstRound: options.onFirstRound,
  })
  const { paymaster, entryPoint, token } = facts
  const reconciliation = createReconciliation({
    ...options,
    journal: desk.journal,
    place: { entryPoint, paymaster, token: token.address },
    finalityBlocks: config.finalityBlocks,
    onSigner: options.signers.heardOf,
    logger: logger.child({ part: 'reconciliation' }),
  })
  reconciliation.onChange(id => {
    live.tell({ kind: 'reconciliation', id })
    void options.readTip()
  })
  return {
    treasury,
    desk,
    settings,
    reconciliation,
    onBlock(number) {
      treasury.onBlock(number)
      desk.onBlock(number)
      reconciliation.onBlock()
    },
    routes: others => createHouseRoutes({ ...options, ...others, settings, desk, treasury, reconciliation }),
  }
}
