// What the daemons show to Prometheus, asked of their own registries. `npm run operate:check` holds it against what running
// daemons answer.
import { createBundlingMetrics } from '@worldland-aa/bundler/bundling/metrics'
import { createMempoolMetrics } from '@worldland-aa/bundler/mempool/metrics'
import { createRpcMetrics } from '@worldland-aa/bundler/metrics'
import { createParticipationMetrics } from '@worldland-aa/bundler/participation/metrics'
import { openParticipation } from '@worldland-aa/bundler/participation/openParticipation'
import { createPromiseMetrics } from '@worldland-aa/bundler/participation/promises/metrics'
import { createPaymasterGauge } from '@worldland-aa/bundler/paymaster/paymasterWatch'
import { createReceiptMetrics } from '@worldland-aa/bundler/receipt/metrics'
import { createFeeGauges } from '@worldland-aa/bundler/submission/fees'
import { createSubmissionMetrics } from '@worldland-aa/bundler/submission/metrics'
import { createTurnMetrics } from '@worldland-aa/bundler/turns/metrics'
import { createPaymasterMetrics, type MetricSources } from '@worldland-aa/paymaster/metrics'
import { createAccessMetrics } from '@worldland-aa/provider/access/accessMetrics'
import { createGatewayMetrics } from '@worldland-aa/provider/gateway/gatewayMetrics'
import { createProviderMetrics } from '@worldland-aa/provider/metrics'
import { createPaymentMetrics } from '@worldland-aa/provider/payment/paymentMetrics'
import { createDoorMetrics } from '@worldland-aa/service/http/doorMetrics'
import { createRegistry } from '@worldland-aa/service/metrics'

export type Metric = {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly labels: readonly string[]
}

type Registry = ReturnType<typeof createRegistry>

export function readMetrics(): {
  readonly bundler: readonly Metric[]
  readonly paymaster: readonly Metric[]
  readonly provider: readonly Metric[]
} {
  return {
    bundler: metricsOf(bundlerRegistry()),
    paymaster: metricsOf(paymasterRegistry()),
    provider: metricsOf(providerRegistry()),
  }
}

function bundlerRegistry(): Registry {
  const registry = createRegistry()
  createRpcMetrics(registry)
  createTurnMetrics(registry)
  createMempoolMetrics(registry, () => ({ pending: 0, submitted: 0 }))
  createBundlingMetrics(registry)
  createSubmissionMetrics(registry, () => [])
  createFeeGauges(registry)
  createReceiptMetrics(registry)
  createParticipationMetrics(registry, openParticipation.status)
  createPromiseMetrics(registry, () => 0)
  createPaymasterGauge(registry)
  createDoorMetrics(registry)
  return registry
}

function paymasterRegistry(): Registry {
  const registry = createRegistry()
  // Nothing is read before a scrape, and none comes.
  const nothing = { signer: {}, brake: {}, ledger: {}, treasury: {}, policies: {}, reconciliation: {} }
  createPaymasterMetrics(registry).watch(nothing as unknown as MetricSources)
  createDoorMetrics(registry)
  return registry
}

function providerRegistry(): Registry {
  const registry = createRegistry()
  const nothing = { gpus: {} } as unknown as Parameters<ReturnType<typeof createProviderMetrics>['watch']>[0]
  createProviderMetrics(registry).watch(nothing)
  createGatewayMetrics(registry).watch(() => [])
  createPaymentMetrics(registry, () => ({ lanes: 0, signedWei: 0n, unredeemedWei: 0n, owedWei: 0n }))
  createAccessMetrics(registry, { count: () => 0 })
  createDoorMetrics(registry)
  return registry
}

function metricsOf(registry: Registry): readonly Metric[] {
  return registry.getMetricsAsArray().map(metric => {
    // prom-client keeps the labels, and its types do not tell.
    const { name, help, type, labelNames } = metric as unknown as {
      name: string
      help: string
      type: Metric['type']
      labelNames: readonly string[]
    }
    return { name, help, type, labels: labelNames }
  })
}
