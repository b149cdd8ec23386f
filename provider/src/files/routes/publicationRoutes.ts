// Artifacts for sale: a holder opens one to the licensees of a model, and closes or deletes it. What is opened so lies
// encrypted, that nobody who reads it before his key is released has anything of it.
import { artifactHeaderBytes, isArtifactHeader } from '@worldland-aa/sdk/serving/artifactCipher'
import type { Clock } from '@worldland-aa/service/clock'
import { Hono } from 'hono'
import type { DoorEnvironment } from '../../doors/routeGroup.ts'
import type { Outcome } from '../../outcome.ts'
import { describeFile, json, refused } from '../answers.ts'
import type { Audience } from '../audience.ts'
import type { FileBook } from '../fileBook.ts'
import type { FileRemoval } from '../fileRemoval.ts'
import { publicationSchema, readBody } from '../fileRequests.ts'
import type { FileStore } from '../fileStore.ts'
import type { ModelOrigin } from '../modelOrigin.ts'
import { type FileRefusal, refuse } from '../refusal.ts'
import type { StoredFile } from '../storedFile.ts'
import { askedBy, fileAt } from './fileAt.ts'

export function createPublicationRoutes(options: {
  readonly book: FileBook
  readonly store: FileStore
  readonly removal: FileRemoval
  readonly audience: Audience
  readonly modelOrigin: ModelOrigin
  readonly keepSeconds: number
  readonly publishedSeconds: number
  readonly clock: Clock
}): Hono<DoorEnvironment> {
  const { book, store, removal, audience, modelOrigin, clock } = options
  const app = new Hono<DoorEnvironment>()

  /** Whether it looks like what `encryptArtifact` writes; nobody but who has the key can say more. */
  async function isEncrypted(file: StoredFile): Promise<boolean> {
    if (file.sizeBytes < artifactHeaderBytes) return false
    const start: Uint8Array[] = []
    for await (const piece of store.read(file.reference, { first: 0, last: artifactHeaderBytes - 1 }))
      start.push(piece)
    return isArtifactHeader(Buffer.concat(start))
  }

  async function problemOf(file: StoredFile, modelId: bigint): Promise<Outcome<undefined, FileRefusal>> {
    const origin = await modelOrigin.agreementOf(modelId)
    if (origin === undefined) return refuse(404, `There is no model ${modelId}`)
    const isSame =
      origin.agreementId === file.agreementId && origin.market.toLowerCase() === file.market.toLowerCase()
    if (!isSame)
      return refuse(403, `Model ${modelId} did not come of the lease or session that this file is of`)
    if (await isEncrypted(file)) return { ok: true, value: undefined }
    return refuse(
      422,
      'This file is not encrypted, so whoever has it needs no key: encrypt it by encryptArtifact with the key that the model sells, upload that, and publish it',
    )
  }

  app.post('/:id/publication', async context => {
    const found = await fileAt(book, context)
    if (!found.ok) return refused(found.refusal)
    const holder = await audience.owner(askedBy(context), found.value)
    if (!holder.ok) return refused(holder.refusal)
    const wanted = await readBody(context.req.raw, publicationSchema)
    if (!wanted.ok) return refused(wanted.refusal)
    const file = found.value
    if (file.state !== 'stored') return refused({ status: 409, message: 'This file is not whole yet' })
    const modelId = wanted.value.modelId ?? undefined
    if (modelId !== undefined) {
      const problem = await problemOf(file, modelId)
      if (!problem.ok) return refused(problem.refusal)
    }
    const seconds = modelId === undefined ? options.keepSeconds : options.publishedSeconds
    const expiresAtSeconds = Math.floor(clock.now() / 1000) + seconds
    await book.publish(file.id, { modelId, expiresAtSeconds })
    return json(describeFile({ ...file, modelId, expiresAtSeconds }))
  })

  app.delete('/:id', async context => {
    const found = await fileAt(book, context)
    if (!found.ok) return refused(found.refusal)
    const holder = await audience.owner(askedBy(context), found.value)
    if (!holder.ok) return refused(holder.refusal)
    await removal.remove(found.value)
    return new Response(null, { status: 204 })
  })

  return app
}
