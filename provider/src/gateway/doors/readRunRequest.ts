// What a client asks to be run, checked: the input as it was written, and how long it may take. What this gateway does not
// do is refused in words rather than passed over.
import { z } from 'zod'
import type { EndpointDefinition } from '../../market/marketSchema.ts'
import type { Outcome } from '../../outcome.ts'
import { readJsonObject } from '../json/jsonMembers.ts'

export type RunRequest = {
  /** JSON. */
  readonly input: string
  readonly executionTimeoutMilliseconds: number
  readonly lifetimeMilliseconds: number
  /** Where its end is to be posted; not looked at yet. */
  readonly webhook: string | undefined
}

const dayMilliseconds = 86_400_000

const policySchema = z.object({
  executionTimeout: z
    .number()
    .int()
    .min(1)
    .max(7 * dayMilliseconds)
    .optional(),
  ttl: z
    .number()
    .int()
    .min(1)
    .max(7 * dayMilliseconds)
    .optional(),
})

/** What RunPod does and this does not, with what to do instead. */
const unserved: Readonly<Record<string, string>> = {
  webhookV2: 'name the URL by "webhook"',
  // What is acknowledged is on the disk before: the keys of a client's bucket would be, too.
  s3Config:
    'name a presigned upload URL in the "input", or have the worker find its bucket in its environment: keys of buckets are not kept here',
}

export function readRunRequest(text: string, endpoint: EndpointDefinition): Outcome<RunRequest, string> {
  const read = readJsonObject(text)
  if (!read.ok) return read
  const { raw, value } = read.value
  const input = raw('input')
  if (input === undefined) return refuse('The body has no "input": send {"input": {…}}')
  for (const [name, instead] of Object.entries(unserved)) {
    if (raw(name) !== undefined) return refuse(`"${name}" is not served here: take it out, and ${instead}`)
  }
  const webhook = value('webhook') ?? undefined
  if (webhook !== undefined && typeof webhook !== 'string') {
    return refuse('"webhook" is a URL, to which the end of the job is posted')
  }
  const policy = policySchema.safeParse(value('policy') ?? {})
  if (!policy.success) {
    return refuse(
      '"policy" holds milliseconds, of a week at most: {"executionTimeout": 60000, "ttl": 86400000}',
    )
  }
  const { executionTimeout, ttl = dayMilliseconds } = policy.data
  const most = endpoint.requestSeconds * 1_000
  if (executionTimeout !== undefined && executionTimeout > most) {
    return refuse(
      `"policy.executionTimeout" is ${executionTimeout} ms; this endpoint gives a job ${most} ms at most`,
    )
  }
  return {
    ok: true,
    value: {
      ...{ input, webhook },
      executionTimeoutMilliseconds: executionTimeout ?? most,
      lifetimeMilliseconds: ttl,
    },
  }
}

function refuse(refusal: string): Outcome<never, string> {
  return { ok: false, refusal }
}
