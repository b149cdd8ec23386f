// The last comparison in one line, for /health.
import type { ReconciliationRun } from '../admin/reconciliation/schema.ts'

export function describeDrift(
  latest: ReconciliationRun | undefined,
  lastComparison: ReconciliationRun | undefined,
): string {
  if (latest === undefined) return 'not compared with the chain yet'
  const failed = latest.state === 'failed' ? `; since then it failed: ${latest.problem}` : ''
  if (lastComparison === undefined) return `not compared with the chain yet${failed}`
  const { state, toBlock, deposit, itemCount } = lastComparison
  const at = `at block ${toBlock}`
  if (state === 'baseline') return `begun ${at}${failed}`
  if (state === 'even') return `even ${at}${failed}`
  const drift = `the deposit is ${deposit?.driftWei} wei off what the books say ${at}`
  if (state === 'explained') return `${drift}, by ${itemCount} movements that the console lists${failed}`
  return `${drift}, and ${deposit?.carriedWei} wei (or tanks, or tokens) are explained by nothing: see the console${failed}`
}
