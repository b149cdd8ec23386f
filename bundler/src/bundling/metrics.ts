// What an operator sees of the bundles in the making.
import { latencyBucketsSeconds } from '@worldland-aa/service/metrics'
import { Counter, Histogram, type Registry } from 'prom-client'

export type BundlingMetrics = {
  readonly operationsPerBundle: Histogram
  readonly buildSeconds: Histogram
  readonly revalidations: Counter<'outcome'>
  readonly simulationFailures: Counter
  readonly unprofitable: Counter
  readonly outages: Counter
}

export function createBundlingMetrics(registry: Registry): BundlingMetrics {
  const registers = [registry]
  return {
    operationsPerBundle: new Histogram({
      name: 'bundler_bundling_operations_per_bundle',
      help: 'Operations in each bundle handed to submission',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200],
      registers,
    }),
    buildSeconds: new Histogram({
      name: 'bundler_bundling_build_seconds',
      help: 'From the choice of operations to a bundle that the EntryPoint accepts',
      buckets: latencyBucketsSeconds,
      registers,
    }),
    revalidations: new Counter({
      name: 'bundler_bundling_revalidations_total',
      help: 'Second validations: skipped (same block), valid, refused, failed (no answer)',
      labelNames: ['outcome'],
      registers,
    }),
    simulationFailures: new Counter({
      name: 'bundler_bundling_simulation_failures_total',
      help: 'Bundles that the EntryPoint did not take as they were',
      registers,
    }),
    unprofitable: new Counter({
      name: 'bundler_bundling_unprofitable_total',
      help: 'Times an operation was left out because its bundle would have lost by it',
      registers,
    }),
    outages: new Counter({
      name: 'bundler_bundling_outages_total',
      help: 'Builds given up until the next block because the node did not answer',
      registers,
    }),
  }
}
