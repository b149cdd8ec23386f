// The headers of Standard Webhooks: a receiver knows by them who sends, that nothing was changed on the way, and what it has
// had already.
import { Webhook } from 'standardwebhooks'

export type SignedMessage = {
  /** `whsec_…`, one or several: a receiver needs one of them, and may know the one before while a new one takes its place. */
  readonly secrets: readonly string[]
  /** The same at every attempt. */
  readonly messageId: string
  readonly body: string
  /** Of the attempt: receivers refuse what is old. */
  readonly atSeconds: number
}

export function signedHeaders({
  secrets,
  messageId,
  body,
  atSeconds,
}: SignedMessage): Record<string, string> {
  const at = new Date(atSeconds * 1000)
  return {
    'content-type': 'application/json',
    'webhook-id': messageId,
    'webhook-timestamp': String(atSeconds),
    'webhook-signature': secrets.map(secret => new Webhook(secret).sign(messageId, at, body)).join(' '),
  }
}
