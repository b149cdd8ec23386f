// Uploads: opened, sent chunk by chunk, finished. Each by a holder of a right to the lease or session.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type Context, Hono } from 'hono'
import type { DoorEnvironment } from '../../doors/routeGroup.ts'
import type { Outcome } from '../../outcome.ts'
import { describeFile, json, refused } from '../answers.ts'
import type { Audience } from '../audience.ts'
import type { FileBook } from '../fileBook.ts'
import { finishSchema, openUploadSchema, readBody } from '../fileRequests.ts'
import { type FileRefusal, refuse } from '../refusal.ts'
import type { KnownFile, UploadingFile } from '../storedFile.ts'
import type { Uploads } from '../uploads.ts'
import { askedBy, fileAt } from './fileAt.ts'

export function createUploadRoutes(options: {
  readonly book: FileBook
  readonly uploads: Uploads
  readonly audience: Audience
  readonly contracts: Pick<ComputeContracts, 'instanceLease' | 'serverlessSession'>
}): Hono<DoorEnvironment> {
  const { book, uploads, audience, contracts } = options
  const app = new Hono<DoorEnvironment>()

  async function mine(context: Context<DoorEnvironment>): Promise<Outcome<KnownFile, FileRefusal>> {
    const file = await fileAt(book, context)
    if (!file.ok) return file
    const holder = await audience.owner(askedBy(context), file.value)
    return holder.ok ? file : holder
  }

  async function uploading(context: Context<DoorEnvironment>): Promise<Outcome<UploadingFile, FileRefusal>> {
    const file = await mine(context)
    if (!file.ok) return file
    if (file.value.state === 'uploading') return { ok: true, value: file.value }
    return refuse(409, 'This file has its root: no chunk of it changes any more; upload another file')
  }

  app.post('/', async context => {
    const wanted = await readBody(context.req.raw, openUploadSchema)
    if (!wanted.ok) return refused(wanted.refusal)
    const market = wanted.value.market === 'lease' ? contracts.instanceLease : contracts.serverlessSession
    const holder = await audience.holder(askedBy(context), { ...wanted.value, market })
    if (!holder.ok) return refused(holder.refusal)
    const opened = await uploads.open({ ...wanted.value, ...holder.value })
    if (!opened.ok) return refused(opened.refusal)
    return json(describeFile(opened.value, await uploads.missing(opened.value)), 201)
  })

  app.put('/:id/chunks/:number', async context => {
    const file = await uploading(context)
    if (!file.ok) return refused(file.refusal)
    const number = context.req.param('number')
    if (!/^\d{1,9}$/.test(number)) return refused({ status: 400, message: 'A chunk has a number, from 0' })
    const bytes = new Uint8Array(await context.req.raw.arrayBuffer())
    const taken = await uploads.take(file.value, Number(number), bytes)
    return taken.ok ? json({ hash: taken.value }) : refused(taken.refusal)
  })

  app.post('/:id/finish', async context => {
    const file = await mine(context)
    if (!file.ok) return refused(file.refusal)
    const wanted = await readBody(context.req.raw, finishSchema)
    if (!wanted.ok) return refused(wanted.refusal)
    // Whoever lost the answer asks again.
    if (file.value.state === 'stored') return json(describeFile(file.value))
    const finished = await uploads.finish(file.value, wanted.value.root as `0x${string}` | undefined)
    return finished.ok ? json(describeFile(finished.value)) : refused(finished.refusal)
  })

  return app
}
