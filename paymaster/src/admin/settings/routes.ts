// The configuration in force, for everyone signed in.
import { createRoute } from '@hono/zod-openapi'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import { type SettingList, settingListSchema } from './schema.ts'

const list = createRoute({
  method: 'get',
  path: '/settings',
  tags: ['Settings'],
  summary: 'The configuration in force, by group',
  responses: { 200: jsonAnswer(settingListSchema, 'The settings'), ...refusals() },
})

export function createSettingsRoutes(settings: SettingList) {
  return createAdminRoutes().openapi(list, context => context.json(settings, 200))
}
