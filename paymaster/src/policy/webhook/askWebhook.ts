// Asks the operator's own service whether an operation is to be sponsored, the last of all rules. Signed, so that it knows
// who asks (Standard Webhooks); only a plain yes in time is a yes.
import { randomUUID } from 'node:crypto'
import { postGuarded } from '@worldland-aa/service/outgoing/postGuarded'
import type { AddressRules } from '@worldland-aa/service/outgoing/publicAddress'
import { signedHeaders } from '@worldland-aa/service/outgoing/signedHeaders'
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, numberToHex } from 'viem'
import { z } from 'zod'
import { deny } from '../../denial.ts'
import type { RequestedOperation } from '../../requestedOperation.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import type { PolicySecrets } from './policySecrets.ts'

export type WebhookQuestion = {
  readonly policy: Policy
  readonly operation: RequestedOperation
  readonly apiKeyId?: string | undefined
}

/** What it said, for people; undefined where the policy asks nobody. */
export type WebhookJudge = (question: WebhookQuestion) => Promise<Result<string> | undefined>

const answerSchema = z.object({ sponsor: z.boolean(), reason: z.string().max(500).optional() })
const mostAnswerBytes = 4_096

export function createWebhookJudge(options: {
  readonly chainId: number
  readonly entryPoint: Address
  readonly secrets: Pick<PolicySecrets, 'secretOf'>
  readonly rules: AddressRules
  /** Why it was not asked, or what came instead of an answer: for the operator, not for the caller. */
  readonly onProblem: (policyId: string, problem: string) => void
}): WebhookJudge {
  const { chainId, entryPoint, secrets, rules } = options
  return async ({ policy, operation, apiKeyId }) => {
    const { webhook, id } = policy
    if (webhook === undefined) return undefined
    const failClosed = (problem: string): Result<never> => {
      options.onProblem(id, problem)
      return refuse(
        id,
        'the service that decides about it did not answer as it should',
        'try again later, or pay in the token',
      )
    }
    const secret = secrets.secretOf(webhook.secret)
    if (secret === undefined) return failClosed(`there is no secret "${webhook.secret}" in --policy-secrets`)
    const body = JSON.stringify({
      userOperation: toWire(operation),
      entryPoint,
      chainId,
      policyId: id,
      apiKey: apiKeyId ?? null,
    })
    const messageId = `msg_${randomUUID()}`
    const atSeconds = Math.floor(Date.now() / 1000)
    const answer = await postGuarded({
      url: webhook.url,
      headers: signedHeaders({ secrets: [secret], messageId, body, atSeconds }),
      body,
      timeoutMilliseconds: webhook.timeoutMilliseconds,
      mostAnswerBytes,
      rules,
    })
    if (!answer.ok) return failClosed(answer.refusal.message)
    const { status, text, isCut } = answer.value
    if (status !== 200) return failClosed(`it answered with the status ${status}`)
    if (isCut) return failClosed(`its answer is longer than ${mostAnswerBytes} bytes`)
    const parsed = answerSchema.safeParse(parseJson(text))
    if (!parsed.success) return failClosed('its answer is not {"sponsor": true or false, "reason": text}')
    const { sponsor, reason } = parsed.data
    if (sponsor) return accept(reason ?? 'said yes')
    return refuse(
      id,
      reason ?? 'the service that decides about it said no',
      'ask the operator, or pay in the token',
    )
  }
}

function refuse(policyId: string, problem: string, remedy: string): Result<never> {
  const sentence = { problem: `Policy "${policyId}" does not sponsor this operation: ${problem}`, remedy }
  return deny('webhookRefused', sentence, { policyId })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** As JSON-RPC writes it. */
function toWire(operation: RequestedOperation): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(operation)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'bigint' ? numberToHex(value) : String(value)]),
  )
}
