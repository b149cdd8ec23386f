// What may be asked of files, in bodies: read whole and strictly, or told what is wrong with it.
import { leastChunkBytes, mostChunkBytes, mostChunks } from '@worldland-aa/sdk/serving/fileManifest'
import { z } from 'zod'
import type { Outcome } from '../outcome.ts'
import { mostLinkSeconds } from './links.ts'
import { type FileRefusal, refuse } from './refusal.ts'

const id = z
  .string('must be digits')
  .regex(/^\d{1,78}$/, 'must be digits, as text')
  .transform(BigInt)
  .refine(number => number < 2n ** 256n, 'is larger than any number on the chain')
const whole = (least: number, most: number) => {
  const says = `must be a whole number from ${least} to ${most}`
  return z.number(says).int(says).min(least, says).max(most, says)
}

export const openUploadSchema = z
  .strictObject({
    market: z.enum(['lease', 'session'], 'must be "lease" or "session"'),
    agreementId: id,
    name: z
      .string('must be text')
      .regex(
        /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}/\\]{1,200}$/u,
        'must be 1 to 200 characters without / and \\, and neither . nor ..',
      ),
    sizeBytes: whole(0, mostChunkBytes * mostChunks),
    chunkBytes: whole(leastChunkBytes, mostChunkBytes),
  })
  .refine(({ sizeBytes, chunkBytes }) => Math.ceil(sizeBytes / chunkBytes) <= mostChunks, {
    path: ['chunkBytes'],
    message: `is too small: a file has at most ${mostChunks} chunks`,
  })

export const finishSchema = z.strictObject({
  root: z
    .string('must be a hash')
    .regex(/^0x[0-9a-f]{64}$/, 'must be 0x and 64 small hex digits')
    .optional(),
})

export const linkSchema = z.strictObject({
  seconds: whole(1, mostLinkSeconds).default(300),
  first: whole(0, Number.MAX_SAFE_INTEGER).optional(),
  last: whole(0, Number.MAX_SAFE_INTEGER).optional(),
})

export const publicationSchema = z.strictObject({ modelId: id.nullable() })

/** Of JSON; the door lets a whole chunk through, and has its declared length kept. */
const mostJsonBytes = 524_288

export async function readBody<Value>(
  request: Request,
  schema: z.ZodType<Value>,
): Promise<Outcome<Value, FileRefusal>> {
  if (Number(request.headers.get('content-length') ?? 0) > mostJsonBytes) {
    return refuse(413, `The body has more than ${mostJsonBytes} bytes`)
  }
  const text = await request.text()
  let given: unknown
  try {
    given = text === '' ? {} : JSON.parse(text)
  } catch {
    return refuse(400, 'The body is no JSON')
  }
  const read = schema.safeParse(given)
  if (read.success) return { ok: true, value: read.data }
  const [issue] = read.error.issues
  const where =
    issue === undefined || issue.path.length === 0 ? 'The body' : `The field ${issue.path.join('.')}`
  return refuse(400, `${where}: ${issue?.message ?? 'is not what is wanted'}`)
}
