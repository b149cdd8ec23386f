// The pricing stage, composed: what gas costs, and the other tokens that it is taken in.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import type { PublicClient } from 'viem'
import type { AdminEnvironment } from '../admin/adminEnvironment.ts'
import type { AuditLog } from '../admin/auditLog.ts'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import { createTokensRoutes } from '../admin/tokens/routes.ts'
import type { PaymasterConfig } from '../config.ts'
import { readComputeCharges } from '../decisions/computeCharges.ts'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { ContractFacts } from '../treasury/contractFacts.ts'
import { createLeaderTip, type LeaderTip } from './leaderTip.ts'
import { createPricing, type Pricing } from './pricing.ts'
import type { TokenTables } from './tokens/tables.ts'
import { createTokens, type Tokens } from './tokens/tokens.ts'

export type PricingStage = {
  readonly pricing: Pricing
  readonly leaderTip: LeaderTip
  readonly tokens: Tokens
  readonly tokensRoutes: OpenAPIHono<AdminEnvironment>
}

export async function composePricing<Schema extends TokenTables>(options: {
  readonly config: Pick<
    PaymasterConfig,
    'markupBps' | 'nativeMicroUsd' | 'bundlerUrl' | 'tokens' | 'webhookPrivateNetworks'
  >
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly database: Kysely<Schema>
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
  /** Seconds since the Unix epoch, as the chain measures them. */
  readonly now: () => number
  readonly logger: Logger
}): Promise<PricingStage> {
  const { config, client, facts, audit, live, now, logger } = options
  const { markupBps, nativeMicroUsd, bundlerUrl } = config
  const leaderTip = await createLeaderTip({
    ...{ client, paymaster: facts.paymaster, logger },
    postOpGas: facts.leaderTipPostOpGas,
  })
  const pricing = await createPricing({ client, facts, leaderTip, markupBps, nativeMicroUsd, bundlerUrl })
  const tokens = await createTokens({
    client,
    chainId: facts.chainId,
    // Its own tables are all that it asks for.
    database: options.database as unknown as Kysely<TokenTables>,
    computeToken: facts.token.address,
    file: config.tokens,
    rules: { allowPrivateNetworks: config.webhookPrivateNetworks },
    now,
    logger,
    onChange: id => live.tell({ kind: 'price', id }),
  })
  const tokensRoutes = createTokensRoutes({
    ...{ client, paymaster: facts.paymaster, computeToken: facts.token },
    ...{ markupBps, tokens, audit, live, now },
    computeCharges: () => readComputeCharges(options.database as unknown as Kysely<LedgerSchema>),
  })
  return { pricing, leaderTip, tokens, tokensRoutes }
}
