// What Prometheus sees of the last comparison of the books with the chain.
import { Gauge, type Registry } from 'prom-client'
import { formatEther } from 'viem'
import type { Reconciliation } from './reconciliation.ts'

export function watchDrift(
  registry: Registry,
  reconciliation: Pick<Reconciliation, 'latest' | 'lastComparison'>,
): void {
  const registers = [registry]
  new Gauge({
    name: 'paymaster_drift_coins',
    help: 'By how much the deposit differs from the books: what operations and transactions explain, and what nothing does',
    labelNames: ['part'],
    registers,
    collect() {
      const deposit = reconciliation.lastComparison()?.deposit
      this.set({ part: 'explained' }, Number(formatEther(BigInt(deposit?.explainedWei ?? 0))))
      this.set({ part: 'unexplained' }, Number(formatEther(BigInt(deposit?.carriedWei ?? 0))))
    },
  })
  new Gauge({
    name: 'paymaster_reconciled',
    help: '1 while the last comparison of the books with the chain could be made and nothing was unexplained',
    registers,
    collect() {
      const state = reconciliation.latest()?.state
      this.set(state === 'failed' || state === 'unexplained' ? 0 : 1)
    },
  })
}
