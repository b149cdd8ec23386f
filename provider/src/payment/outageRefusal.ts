// Whoever asks while the node or the disk fails is told to come again, and not why the provider's machine is ill.
import type { Logger } from '@worldland-aa/service/logger'
import { Outage } from '@worldland-aa/service/outage'
import { BaseError } from 'viem'
import type { PaymentRefusal } from './paymentGate.ts'

/** Throws what is no outage. */
export function outageRefusal(error: unknown, logger: Logger): PaymentRefusal {
  if (!(error instanceof Outage) && !(error instanceof BaseError)) throw error
  logger.warn({ error }, 'a payment could not be judged')
  const says =
    error instanceof Outage
      ? error.toCaller
      : "The provider's node does not answer: try again in a few seconds"
  return { status: 503, headers: { 'Retry-After': '5' }, body: { error: says } }
}
