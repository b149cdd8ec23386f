// What the door shows to Prometheus; each stage registers its own beside it.
import type { CallObserver } from '@worldland-aa/service/jsonRpc/dispatcher'
import { latencyBucketsSeconds } from '@worldland-aa/service/metrics'
import { Histogram, type Registry } from 'prom-client'

export function createRpcMetrics(registry: Registry): { onCall: CallObserver } {
  const seconds = new Histogram({
    name: 'bundler_rpc_seconds',
    help: 'How long JSON-RPC calls took, by method and outcome (ok, refused, failed)',
    labelNames: ['method', 'outcome'],
    buckets: latencyBucketsSeconds,
    registers: [registry],
  })
  return { onCall: call => seconds.observe({ method: call.method, outcome: call.outcome }, call.seconds) }
}
