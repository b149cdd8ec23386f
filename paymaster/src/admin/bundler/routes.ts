// The bundler beside this paymaster, as it tells of itself; that there is none is an answer too.
import { createRoute } from '@hono/zod-openapi'
import { createAdminRoutes, jsonAnswer, refusals } from '../adminRoutes.ts'
import { type BundlerView, bundlerViewSchema } from './schema.ts'

const show = createRoute({
  tags: ['Bundler'],
  method: 'get',
  path: '/bundler',
  summary: 'Mempool, bundles in flight, executors, refusals and reputation of the bundler at --bundler-url',
  responses: {
    200: jsonAnswer(bundlerViewSchema, 'The bundler, or why nothing is known of it'),
    ...refusals(),
  },
})

export function createBundlerRoutes(options: { readonly askBundler: () => Promise<BundlerView> }) {
  return createAdminRoutes().openapi(show, async context => context.json(await options.askBundler(), 200))
}
