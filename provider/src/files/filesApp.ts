// All routes below /files, for programs and for pages of any origin: what opens a file is a statement or a link, no cookie.
import { mostChunkBytes } from '@worldland-aa/sdk/serving/fileManifest'
import { Outage } from '@worldland-aa/service/outage'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { DoorEnvironment, RouteGroup } from '../doors/routeGroup.ts'
import { refused } from './answers.ts'
import { createDownloadRoutes } from './routes/downloadRoutes.ts'
import { createPublicationRoutes } from './routes/publicationRoutes.ts'
import { createUploadRoutes } from './routes/uploadRoutes.ts'

type Options = Parameters<typeof createUploadRoutes>[0] &
  Parameters<typeof createDownloadRoutes>[0] &
  Parameters<typeof createPublicationRoutes>[0]

export const filesCors = cors({
  origin: '*',
  allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowHeaders: ['authorization', 'content-type', 'range', 'if-range', 'if-none-match'],
  exposeHeaders: ['etag', 'content-range', 'content-length', 'retry-after'],
  maxAge: 86_400,
})

export function createFilesApp(options: Options): RouteGroup {
  const app = new Hono<DoorEnvironment>()
  app.use(filesCors)
  app.route('/', createUploadRoutes(options))
  app.route('/', createDownloadRoutes(options))
  app.route('/', createPublicationRoutes(options))
  app.onError(error => {
    if (!(error instanceof Outage)) throw error
    return refused({ status: 503, message: error.toCaller })
  })
  return { path: '/files', app, maxBodyBytes: mostChunkBytes }
}
