// Somebody who is to be told is not: an endpoint did not take messages for a day. Told by the other endpoints.
import type { DeliveryStore } from '../../webhooks/deliveryStore.ts'
import type { EndpointBook } from '../../webhooks/endpointBook.ts'
import type { AlertRule } from '../alertRule.ts'

const daySeconds = 86_400

export function webhookGivenUp(options: {
  readonly endpoints: Pick<EndpointBook, 'all'>
  readonly store: Pick<DeliveryStore, 'givenUpSince'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): AlertRule {
  const { endpoints, store, now } = options
  return {
    kind: 'webhookGivenUp',
    severity: 'warning',
    unit: 'count',
    opens: 'above',
    defaults: { openAt: '1', closeAt: '0' },
    describe: 'Messages to one webhook that were given up in the last 24 hours',
    async measure() {
      return await Promise.all(
        endpoints.all().map(async ({ id, name }) => {
          const count = await store.givenUpSince(id, now() - daySeconds)
          return {
            subject: id,
            value: String(count),
            title: `The webhook "${name}" is not taken`,
            state: `In the last 24 hours ${count} messages to it were given up.`,
            remedy: 'Look at its deliveries for what it answers, mend it, and send them again.',
          }
        }),
      )
    },
  }
}
