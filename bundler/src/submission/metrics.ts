// What an operator sees of the executors and of what their bundles cost and earn.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ExecutorStatus } from './executor.ts'

export type SubmissionMetrics = {
  readonly signed: Counter<'kind'>
  readonly broadcasts: Counter<'outcome'>
  readonly mined: Counter<'status'>
  readonly minedAfterBlocks: Histogram
  readonly costWei: Counter
  readonly revenueWei: Counter
}

export function createSubmissionMetrics(
  registry: Registry,
  executors: () => readonly ExecutorStatus[],
): SubmissionMetrics {
  const registers = [registry]
  new Gauge({
    name: 'bundler_submission_executor_balance_wei',
    help: 'Native coin of each executor',
    labelNames: ['executor'],
    registers,
    collect() {
      for (const { address, balanceWei } of executors()) this.set({ executor: address }, Number(balanceWei))
    },
  })
  new Gauge({
    name: 'bundler_submission_executor_set_aside',
    help: '1 while an executor sends nothing, because it is poor or its key is not configured',
    labelNames: ['executor'],
    registers,
    collect() {
      for (const { address, setAside } of executors()) this.set({ executor: address }, setAside ? 1 : 0)
    },
  })
  new Gauge({
    name: 'bundler_submission_in_flight',
    help: 'Transactions of each executor that wait for a block',
    labelNames: ['executor'],
    registers,
    collect() {
      for (const { address, inFlight } of executors()) this.set({ executor: address }, inFlight)
    },
  })
  return {
    signed: new Counter({
      name: 'bundler_submission_signed_total',
      help: 'Transactions signed: first bundles of a nonce, replacements, cancellations',
      labelNames: ['kind'],
      registers,
    }),
    broadcasts: new Counter({
      name: 'bundler_submission_broadcasts_total',
      help: 'Transactions handed to the node, by its answer',
      labelNames: ['outcome'],
      registers,
    }),
    mined: new Counter({
      name: 'bundler_submission_mined_total',
      help: 'Nonces that were used up: landed, reverted, cancelled, or taken by a stranger',
      labelNames: ['status'],
      registers,
    }),
    minedAfterBlocks: new Histogram({
      name: 'bundler_submission_mined_after_blocks',
      help: 'Blocks from the first signature for a nonce to the block that used it up',
      buckets: [1, 2, 3, 4, 6, 10, 20, 50],
      registers,
    }),
    costWei: new Counter({
      name: 'bundler_submission_cost_wei_total',
      help: 'What mined transactions cost the executors',
      registers,
    }),
    revenueWei: new Counter({
      name: 'bundler_submission_revenue_wei_total',
      help: 'What the EntryPoint paid for the operations in them',
      registers,
    }),
  }
}
