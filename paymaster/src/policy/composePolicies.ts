// The policy stage, put together: the book of policies, what their rules read from chain and ledger, and whom they ask.

import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import type { Address, PublicClient } from 'viem'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import { readMishaps } from '../ledger/mishaps.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { TokenFacts } from '../treasury/contractFacts.ts'
import { createBlockCache } from './facts/blockCache.ts'
import type { FactSources } from './facts/policyFacts.ts'
import { createPolicyBook, type PolicyBook } from './policyBook.ts'
import type { Policy } from './sponsorshipPolicy.ts'
import { createWebhookJudge, type WebhookJudge } from './webhook/askWebhook.ts'
import { createPolicySecrets } from './webhook/policySecrets.ts'
import { webhookExaminer } from './webhook/webhookExaminer.ts'

export type PolicyStage = {
  readonly book: PolicyBook
  readonly facts: FactSources
  readonly askWebhook: WebhookJudge
}

export async function composePolicies(options: {
  readonly config: {
    readonly policies: string | undefined
    readonly policySecrets: string | undefined
    readonly webhookPrivateNetworks: boolean
    readonly allowOpenKeyFiles: boolean
  }
  readonly client: PublicClient
  readonly database: Kysely<LedgerSchema>
  readonly contracts: {
    readonly chainId: number
    readonly entryPoint: Address
    readonly paymaster: Address
    readonly token: TokenFacts
  }
  /** Changes with each block: what was read for one serves its requests only. */
  readonly head: () => string
  readonly live: Pick<LiveUpdates, 'tell'>
  readonly now: () => number
  readonly logger: Logger
}): Promise<PolicyStage> {
  const { config, client, database, contracts, live, now, logger } = options
  const { chainId, entryPoint, paymaster, token } = contracts
  const rules = { allowPrivateNetworks: config.webhookPrivateNetworks }
  const secrets = createPolicySecrets(config.policySecrets, {
    allowOpenFile: config.allowOpenKeyFiles,
  })
  const read = secrets.reload()
  if (!read.ok) throw new ExitError(exitCodes.configuration, read.refusal.message)

  const examine = webhookExaminer(secrets, rules)
  const book = await createPolicyBook({
    database,
    file: config.policies,
    now,
    examine,
    onChange: id => live.tell({ kind: 'policy', id }),
    logger,
  })

  /** Secrets first: a policy of the file may name a new one. */
  async function reload(): Promise<Result<readonly Policy[]>> {
    const renewed = secrets.reload()
    if (!renewed.ok) {
      logger.error({ problem: renewed.refusal.message }, 'the policy secrets are refused: the old ones stay')
      return renewed
    }
    const reloaded = await book.reload()
    return reloaded.ok ? accept(reloaded.value) : reloaded
  }

  return {
    book: { ...book, reload },
    facts: {
      client,
      cached: createBlockCache(options.head),
      token,
      paymaster,
      mishapsOf: (sender, sinceSeconds) => readMishaps(database, sender, sinceSeconds),
    },
    askWebhook: createWebhookJudge({
      chainId,
      entryPoint,
      secrets,
      rules,
      onProblem: (policy, problem) => logger.warn({ policy, problem }, "a policy's webhook did not decide"),
    }),
  }
}
