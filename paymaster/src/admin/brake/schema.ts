// The operator's brake: pause and resume signing, block and unblock an account, a factory or a caller. The same as
// `worldland-paymaster pause` and its kind do; in force at once, and after a restart.
//   GET  /api/v1/brake          → Brake
//   POST /api/v1/brake/pause    {} → BrakeAnswer      (operator)
//   POST /api/v1/brake/resume   {} → BrakeAnswer      (operator)
//   POST /api/v1/brake/block    BlockRequest → BrakeAnswer
//   POST /api/v1/brake/unblock  BlockRequest → BrakeAnswer
import { z } from '@hono/zod-openapi'

export const brakeSchema = z
  .object({ pausedAtSeconds: z.number().int().nullable(), blocked: z.array(z.string()) })
  .openapi('Brake')
export type BrakeState = z.infer<typeof brakeSchema>

export const blockRequestSchema = z
  .object({
    /** An account or factory (0x…), or the IP address from which somebody calls. */
    who: z.string().min(1).max(64),
  })
  .openapi('BlockRequest')

export const brakeAnswerSchema = z.object({ message: z.string(), brake: brakeSchema }).openapi('BrakeAnswer')
export type BrakeAnswer = z.infer<typeof brakeAnswerSchema>
