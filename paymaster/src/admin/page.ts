// How every list of the admin API is asked for and answered: a bounded page, and where the next one begins.
import { z } from '@hono/zod-openapi'

export const mostItems = 200

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(mostItems).default(50),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(256).optional(),
})

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
