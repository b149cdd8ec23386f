// What Prometheus sees of the service, in the order of a sponsorship's journey. Its numbers are floating-point: of wei they
// keep some 16 digits, enough for a chart and an alarm. The ledger has them all.
import type { CallObserver } from '@worldland-aa/service/jsonRpc/dispatcher'
import { latencyBucketsSeconds } from '@worldland-aa/service/metrics'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { formatEther } from 'viem'
import type { Ledger } from './ledger/ledger.ts'
import { watchPurposes } from './ledger/purposeMetrics.ts'
import type { Brake } from './operator/brake.ts'
import type { Decision } from './policy/policy.ts'
import type { PolicyBook } from './policy/policyBook.ts'
import { watchDrift } from './reconciliation/driftMetrics.ts'
import type { Reconciliation } from './reconciliation/reconciliation.ts'
import type { SettlementReport } from './settlement/settlement.ts'
import type { Signers } from './signing/signers.ts'
import type { Treasury } from './treasury/treasury.ts'

export type PaymasterMetrics = {
  readonly onCall: CallObserver
  readonly onGrant: (decision: Decision) => void
  readonly onReport: (report: SettlementReport) => void
  /** Has the gauges read what they show at each scrape. */
  watch(sources: MetricSources): void
}

export type MetricSources = {
  readonly ledger: Ledger
  readonly treasury: Treasury
  readonly policies: Pick<PolicyBook, 'idOf'>
  readonly brake: Pick<Brake, 'pausedSince'>
  readonly signer: Pick<Signers, 'isTrusted'>
  readonly reconciliation: Pick<Reconciliation, 'latest' | 'lastComparison'>
}

export function createPaymasterMetrics(registry: Registry): PaymasterMetrics {
  const registers = [registry]
  const calls = new Histogram({
    name: 'paymaster_rpc_seconds',
    help: 'How long JSON-RPC calls took, by method and outcome (ok, refused, failed)',
    labelNames: ['method', 'outcome'],
    buckets: latencyBucketsSeconds,
    registers,
  })
  const granted = new Counter({
    name: 'paymaster_granted_total',
    help: 'Operations signed for, by mode and policy',
    labelNames: ['mode', 'policy'],
    registers,
  })
  const settled = new Counter({
    name: 'paymaster_settled_total',
    help: 'Exposures by what became of them: included, undone by a reorg, final, expired, unknown to the ledger',
    labelNames: ['outcome'],
    registers,
  })
  const charged = new Counter({
    name: 'paymaster_charged_coins_total',
    help: 'Charges in the token, by whether they were paid or are owed',
    labelNames: ['outcome'],
    registers,
  })
  return {
    onCall: call => calls.observe({ method: call.method, outcome: call.outcome }, call.seconds),
    onGrant: ({ mode, policy }) => granted.inc({ mode, policy: policy?.id ?? '' }),
    onReport({ included, undone, finalized, expired, unknown, charges }) {
      const outcomes = { included, undone, final: finalized, expired, unknown: unknown.length }
      for (const [outcome, count] of Object.entries(outcomes)) settled.inc({ outcome }, count)
      for (const { chargeWei, paid } of charges) {
        charged.inc({ outcome: paid ? 'paid' : 'owed' }, Number(formatEther(chargeWei)))
      }
    },
    watch({ ledger, treasury, policies, brake, signer, reconciliation }) {
      watchDrift(registry, reconciliation)
      watchPurposes({ ledger, policies, registers })
      const flag = (name: string, help: string, isSet: () => boolean): void => {
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(isSet() ? 1 : 0)
          },
        })
      }
      flag(
        'paymaster_paused',
        '1 while the operator has paused signing',
        () => brake.pausedSince() !== undefined,
      )
      flag('paymaster_signer_trusted', '1 while the contract trusts the key that signs', signer.isTrusted)
      new Gauge({
        name: 'paymaster_deposit_coins',
        help: 'The gas deposit in the EntryPoint, in all and as far as it is spoken for',
        labelNames: ['part'],
        registers,
        async collect() {
          const position = await ledger.position()
          if (position === undefined) return
          this.set({ part: 'all' }, Number(formatEther(position.depositWei)))
          this.set({ part: 'held' }, Number(formatEther(position.depositHeldWei)))
        },
      })
      new Gauge({
        name: 'paymaster_treasury_coins',
        help: 'Stake, and what was collected in the token and is not turned into deposit yet',
        labelNames: ['part'],
        registers,
        collect() {
          const funds = treasury.funds()
          if (funds === undefined) return
          this.set({ part: 'stake' }, Number(formatEther(funds.stakeWei)))
          this.set({ part: 'revenue' }, Number(formatEther(funds.revenueWei)))
        },
      })
    },
  }
}
