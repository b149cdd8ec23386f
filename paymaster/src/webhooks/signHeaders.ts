// What a message to an endpoint is sent with. While a rotation lasts there are two signatures, of which a receiver needs one.
import { signedHeaders } from '@worldland-aa/service/outgoing/signedHeaders'
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
  return {
    ...signedHeaders({
      secrets: generations.map(generation => secrets.secretOf(id, generation)),
      ...{ messageId, body, atSeconds },
    }),
    'user-agent': 'worldland-paymaster',
  }
}
