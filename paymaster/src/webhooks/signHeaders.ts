// The three headers of Standard Webhooks. While a rotation lasts there are two signatures, of which a receiver needs one.
import { Webhook } from 'standardwebhooks'
import type { Endpoint } from './endpointBook.ts'
import type { SigningSecrets } from './signingSecret.ts'

export function signHeaders(options: {
  readonly endpoint: Endpoint
  readonly secrets: SigningSecrets
  readonly messageId: string
  readonly body: string
  /** Of the attempt: receivers refuse what is old. */
  readonly atSeconds: number
}): Record<string, string> {
  const { endpoint, secrets, messageId, body, atSeconds } = options
  const { id, secretGeneration, previousUntilSeconds } = endpoint
  const isOverlapping = previousUntilSeconds !== null && atSeconds < previousUntilSeconds
  const generations = isOverlapping ? [secretGeneration, secretGeneration - 1] : [secretGeneration]
  const signatures = generations.map(generation =>
    new Webhook(secrets.secretOf(id, generation)).sign(messageId, new Date(atSeconds * 1000), body),
  )
  return {
    'content-type': 'application/json',
    'user-agent': 'worldland-paymaster',
    'webhook-id': messageId,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': signatures.join(' '),
  }
}
