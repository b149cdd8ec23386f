// Downloads: what a file is, what it is made of, its bytes by ranges, and links to them. Only for who may read it.
import { encodeManifest } from '@worldland-aa/sdk/serving/fileManifest'
import type { Clock } from '@worldland-aa/service/clock'
import type { Callers } from '@worldland-aa/service/http/callers'
import { type Context, Hono } from 'hono'
import type { DoorEnvironment } from '../../doors/routeGroup.ts'
import type { Outcome } from '../../outcome.ts'
import { contentHeaders, describeFile, json, refused } from '../answers.ts'
import { type Audience, wholeOf } from '../audience.ts'
import { wantedBytes } from '../byteRange.ts'
import type { DownloadBounds } from '../downloadBounds.ts'
import type { FileBook } from '../fileBook.ts'
import { linkSchema, readBody } from '../fileRequests.ts'
import type { ByteRange, FileStore } from '../fileStore.ts'
import type { Links } from '../links.ts'
import { type FileRefusal, refuse } from '../refusal.ts'
import type { StoredFile } from '../storedFile.ts'
import { streamOf } from '../streamOf.ts'
import type { Uploads } from '../uploads.ts'
import { askedBy, fileAt } from './fileAt.ts'

export function createDownloadRoutes(options: {
  readonly book: FileBook
  readonly store: FileStore
  readonly uploads: Uploads
  readonly audience: Audience
  readonly links: Links
  readonly bounds: DownloadBounds
  readonly callers: Pick<Callers, 'callerOf'>
  readonly publicUrl: () => string
  readonly clock: Clock
}): Hono<DoorEnvironment> {
  const { book, store, uploads, audience, links, bounds, callers, clock } = options
  const app = new Hono<DoorEnvironment>()

  async function readable(context: Context<DoorEnvironment>): Promise<Outcome<StoredFile, FileRefusal>> {
    const file = await fileAt(book, context)
    if (!file.ok) return file
    const reader = await audience.reader(askedBy(context), file.value)
    if (!reader.ok) return reader
    if (file.value.state === 'stored') return { ok: true, value: file.value }
    return refuse(409, 'This file is not whole yet: finish its upload')
  }

  /** By a link, or by a statement. */
  async function opened(
    context: Context<DoorEnvironment>,
  ): Promise<Outcome<{ file: StoredFile; allowed: ByteRange | undefined }, FileRefusal>> {
    const link = links.read(context.req.param('id') ?? '', name => context.req.query(name))
    if (link === undefined) {
      const file = await readable(context)
      return file.ok ? { ok: true, value: { file: file.value, allowed: undefined } } : file
    }
    if (!link.ok) return link
    const file = await fileAt(book, context)
    if (!file.ok) return file
    if (file.value.state !== 'stored') return refuse(404, 'There is no such file, or no more')
    return { ok: true, value: { file: file.value, allowed: link.value.range } }
  }

  app.get('/', async context => {
    const request = askedBy(context)
    const modelId = wholeOf(request.query('modelId'))
    if (modelId === undefined) {
      return refused({ status: 400, message: 'Ask for the files of a model: ?modelId= and its number' })
    }
    const licensee = await audience.licensee(request, modelId)
    if (!licensee.ok) return refused(licensee.refusal)
    return json({ files: (await book.ofModel(modelId)).map(file => describeFile(file)) })
  })

  app.get('/:id', async context => {
    const file = await fileAt(book, context)
    if (!file.ok) return refused(file.refusal)
    const reader = await audience.reader(askedBy(context), file.value)
    if (!reader.ok) return refused(reader.refusal)
    const missing = file.value.state === 'uploading' ? await uploads.missing(file.value) : undefined
    return json(describeFile(file.value, missing))
  })

  app.get('/:id/manifest', async context => {
    const found = await opened(context)
    if (!found.ok) return refused(found.refusal)
    const { file } = found.value
    const manifest = encodeManifest(file) as Uint8Array<ArrayBuffer>
    return new Response(manifest, {
      headers: contentHeaders({ root: file.root, name: `${file.name}.manifest` }),
    })
  })

  app.get('/:id/content', async context => {
    const found = await opened(context)
    if (!found.ok) return refused(found.refusal)
    const { file, allowed = { first: 0, last: file.sizeBytes - 1 } } = found.value
    const headers = contentHeaders(file)
    const { headers: asked } = context.req.raw
    if (asked.get('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
    const isCurrent = [null, headers.etag].includes(asked.get('if-range'))
    const wanted = wantedBytes(isCurrent ? asked.get('range') : null, file.sizeBytes)
    if (wanted.kind === 'unsatisfiable') {
      const answer = refused({ status: 416, message: wanted.message })
      answer.headers.set('content-range', `bytes */${file.sizeBytes}`)
      return answer
    }
    const isWhole = wanted.kind === 'whole'
    const range = isWhole ? { first: 0, last: file.sizeBytes - 1 } : wanted.range
    if (range.first < allowed.first || range.last > allowed.last) {
      return refused({
        status: 403,
        message: `This link is for the bytes ${allowed.first} to ${allowed.last} alone`,
      })
    }
    const sizeBytes = range.last - range.first + 1
    const place = bounds.begin(callers.callerOf(context.env.incoming), sizeBytes)
    if (!place.ok) return refused(place.refusal)
    headers['content-length'] = String(sizeBytes)
    if (!isWhole) headers['content-range'] = `bytes ${range.first}-${range.last}/${file.sizeBytes}`
    const body = sizeBytes === 0 ? null : streamOf(store.read(file.reference, range), place.value.end)
    if (body === null) place.value.end()
    // However it ends: a caller that breaks off before the first byte is read cancels nothing.
    context.env.outgoing.once('close', place.value.end)
    return new Response(body, { status: isWhole ? 200 : 206, headers })
  })

  app.post('/:id/links', async context => {
    const file = await readable(context)
    if (!file.ok) return refused(file.refusal)
    const wanted = await readBody(context.req.raw, linkSchema)
    if (!wanted.ok) return refused(wanted.refusal)
    const { id, sizeBytes } = file.value
    const last = Math.max(0, sizeBytes - 1)
    const range = { first: wanted.value.first ?? 0, last: Math.min(wanted.value.last ?? last, last) }
    if (range.first > range.last) return refused({ status: 416, message: `The file has ${sizeBytes} bytes` })
    const expiresAtSeconds = Math.floor(clock.now() / 1000) + wanted.value.seconds
    const query = links.make({ fileId: id, range, expiresAtSeconds })
    const url = `${options.publicUrl().replace(/\/+$/, '')}/files/${id}/content?${query}`
    return json({ url, expiresAt: expiresAtSeconds }, 201)
  })

  return app
}
