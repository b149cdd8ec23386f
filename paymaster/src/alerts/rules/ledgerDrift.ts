// The books and the chain do not say the same: by the last comparison of the two.
import type { Kysely } from 'kysely'
import { formatEther } from 'viem'
import type { OtherTokenCheck } from '../../admin/reconciliation/schema.ts'
import type { LedgerSchema } from '../../ledger/schema.ts'
import { tokenAmount } from '../../tokenAmount.ts'
import type { AlertRule, Measurement } from '../alertRule.ts'

type Figures = Readonly<Record<string, { readonly driftWei?: string } | null | undefined>>

const compared = ['deposit', 'tanks', 'tokens', 'ledger'] as const

export function ledgerDrift({ database }: { readonly database: Kysely<LedgerSchema> }): AlertRule {
  return {
    kind: 'ledgerDrift',
    severity: 'critical',
    unit: 'wei',
    opens: 'above',
    defaults: { openAt: '1', closeAt: '0' },
    describe: 'By how much the last reconciliation found ledger and chain apart',
    async measure() {
      const run = await database
        .selectFrom('reconciliation_run')
        .select(['id', 'figures', 'to_block'])
        .where('figures', 'is not', null)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (run === undefined) return []
      const figures = JSON.parse(run.figures ?? '{}') as Figures
      const drifts = compared.map(name => ({ name, wei: absolute(BigInt(figures[name]?.driftWei ?? 0)) }))
      const total = drifts.reduce((sum, { wei }) => sum + wei, 0n)
      const where = drifts.filter(({ wei }) => wei > 0n).map(({ name, wei }) => `${name} ${wei} wei`)
      const others = (JSON.parse(run.figures ?? '{}') as { otherTokens?: readonly OtherTokenCheck[] })
        .otherTokens
      return [
        ...(others ?? []).map(check => ofToken(run, check)),
        {
          subject: null,
          value: String(total),
          title: `Ledger and chain differ by ${formatEther(total)}`,
          state:
            where.length === 0
              ? `Reconciliation ${run.id}, up to block ${run.to_block}, found no difference.`
              : `Reconciliation ${run.id}, up to block ${run.to_block}, found: ${where.join(', ')}.`,
          remedy: 'The page of reconciliation shows the transactions that explain it.',
        },
      ]
    },
  }
}

/** Counted in its smallest units: a threshold of 1 is right for any. */
function ofToken(
  run: { readonly id: number; readonly to_block: number | null },
  { symbol, decimals, drift }: OtherTokenCheck,
): Measurement {
  const units = absolute(BigInt(drift))
  const amount = tokenAmount(units, { symbol, decimals })
  return {
    subject: symbol,
    value: String(units),
    title: `Ledger and chain differ by ${amount}`,
    state: `Reconciliation ${run.id}, up to block ${run.to_block}, found ${units === 0n ? 'no difference' : amount}.`,
    remedy: 'The page of reconciliation shows the transactions that explain it.',
  }
}

function absolute(wei: bigint): bigint {
  return wei < 0n ? -wei : wei
}
