// What may be asked of trainings, in bodies.
import { z } from 'zod'

const fileId = z.string('must be a file’s id').regex(/^[0-9a-f]{32}$/, 'must be a file’s id: 32 hex digits')
const mostSecondsEver = 7 * 24 * 3_600
const mostAdded = 100

export const runSchema = z.strictObject({
  dataset: fileId,
  code: fileId,
  config: fileId.optional(),
  command: z
    .array(
      z
        .string('must be text')
        .max(4_096, 'is longer than 4096 characters')
        .refine(text => !text.includes('\0'), 'holds a zero byte'),
      'must be a list of words, such as ["python3", "code/train.py"]',
    )
    .min(1, 'must name a program')
    .max(64, 'has more than 64 words'),
  mostSeconds: z
    .number('must be a number')
    .int('must be whole')
    .min(1, 'must be at least 1')
    .max(mostSecondsEver, `must be at most ${mostSecondsEver}`)
    .default(3_600),
})

export const statementSchema = z.strictObject({
  added: z.array(fileId).max(mostAdded, `has more than ${mostAdded} files`).default([]),
  imageless: z.boolean('must be true or false').default(false),
  recordedBy: z.enum(['provider', 'payer'], 'must be "provider" or "payer"').default('payer'),
})
