// The configuration in force, as it was read at the start; secrets are told only as set or not.
//   GET /api/v1/settings → SettingList
import { z } from '@hono/zod-openapi'

export const settingItemSchema = z
  .object({
    name: z.string(),
    group: z.string(),
    describe: z.string(),
    flag: z.string(),
    variable: z.string(),
    isSecret: z.boolean(),
    isSet: z.boolean(),
    /** Null for secrets, and for what is not set. Of addresses on the network only the host is told. */
    value: z.string().nullable(),
    default: z.string().nullable(),
    isDefault: z.boolean(),
  })
  .openapi('Setting')
export type SettingItem = z.infer<typeof settingItemSchema>

export const settingListSchema = z
  .object({ groups: z.array(z.object({ group: z.string(), settings: z.array(settingItemSchema) })) })
  .openapi('SettingList')
export type SettingList = z.infer<typeof settingListSchema>
