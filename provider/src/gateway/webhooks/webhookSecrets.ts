// What the webhooks of a right's jobs are signed with: each right has a secret of its own, so that nobody can sign for another.
import { deriveSigningSecret } from '@worldland-aa/service/outgoing/deriveSigningSecret'
import type { Payer } from '../../payment/paymentGate.ts'

export type WebhookSecretOf = (payer: Payer) => string

export function createWebhookSecrets(key: Uint8Array): WebhookSecretOf {
  return ({ lane }) => deriveSigningSecret(key, `lane/${lane}`)
}
