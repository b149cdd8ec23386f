// What Prometheus sees of the gateway, in the order of a job's journey.
import { latencyBucketsSeconds } from '@worldland-aa/service/metrics'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { EndpointStatus } from './endpointStatus.ts'
import { type Job, usedMilliseconds } from './jobs/job.ts'
import type { WebhookEnd } from './webhooks/webhooks.ts'

export type GatewayMetrics = {
  onFinished(job: Job): void
  onRetried(job: Job): void
  onWorkerLost(endpointId: string): void
  onWebhook(end: WebhookEnd): void
  /** Has the gauges read what they show at each scrape. */
  watch(status: () => readonly EndpointStatus[]): void
}

export function createGatewayMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry]
  const finished = new Counter({
    name: 'provider_gateway_jobs_total',
    help: 'Jobs that are over, by endpoint and by what became of them (COMPLETED, FAILED, CANCELLED, TIMED_OUT)',
    labelNames: ['endpoint', 'state'],
    registers,
  })
  const retried = new Counter({
    name: 'provider_gateway_retried_total',
    help: 'Jobs that went back to the queue because their worker was lost, or because their client asked for it',
    labelNames: ['endpoint'],
    registers,
  })
  const lost = new Counter({
    name: 'provider_gateway_workers_lost_total',
    help: 'Workers that ended by themselves, were silent, or did not do as they were told',
    labelNames: ['endpoint'],
    registers,
  })
  const webhooks = new Counter({
    name: 'provider_gateway_webhooks_total',
    help: 'Ends of jobs that were told by webhook, by whether the URL took them (delivered, given_up)',
    labelNames: ['end'],
    registers,
  })
  const waited = new Histogram({
    name: 'provider_gateway_wait_seconds',
    help: 'How long jobs waited for a worker, the start of one included',
    labelNames: ['endpoint'],
    buckets: latencyBucketsSeconds,
    registers,
  })
  const ran = new Histogram({
    name: 'provider_gateway_execution_seconds',
    help: 'How long jobs ran, as their payers owe it',
    labelNames: ['endpoint'],
    buckets: latencyBucketsSeconds,
    registers,
  })
  return {
    onFinished(job) {
      const endpoint = job.endpointId
      finished.inc({ endpoint, state: job.state })
      if (job.startedAtMilliseconds === undefined) return
      waited.observe({ endpoint }, Math.max(0, job.startedAtMilliseconds - job.createdAtMilliseconds) / 1_000)
      ran.observe({ endpoint }, usedMilliseconds(job) / 1_000)
    },
    onRetried: job => retried.inc({ endpoint: job.endpointId }),
    onWebhook: end => webhooks.inc({ end }),
    onWorkerLost: endpoint => lost.inc({ endpoint }),
    watch(status) {
      const gauge = (
        name: string,
        help: string,
        part: (one: EndpointStatus) => Readonly<Record<string, number>>,
      ): void => {
        new Gauge({
          ...{ name, help, registers },
          labelNames: ['endpoint', 'state'],
          collect() {
            this.reset()
            for (const one of status()) {
              for (const [state, count] of Object.entries(part(one)))
                this.set({ endpoint: one.id, state }, count)
            }
          },
        })
      }
      gauge('provider_gateway_jobs', 'Jobs that are not over, by endpoint and state', ({ jobs }) => ({
        waiting: jobs.inQueue,
        running: jobs.inProgress,
      }))
      gauge(
        'provider_gateway_workers',
        'Workers by endpoint and state: idle, running, initializing, throttled (wanted and not startable), unhealthy',
        ({ workers }) => {
          const { ready: _, ...states } = workers
          return states
        },
      )
    },
  }
}
