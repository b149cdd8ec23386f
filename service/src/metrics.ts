// A fresh Prometheus registry per process (never the global one, so tests can run many daemons).
import { collectDefaultMetrics, Registry } from 'prom-client'

/** Seconds; spans a cache hit to a lost block. */
export const latencyBucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]

export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}
