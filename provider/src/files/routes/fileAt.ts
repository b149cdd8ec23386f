// The file that an address names, and who asks for it.
import type { Context } from 'hono'
import type { DoorEnvironment } from '../../doors/routeGroup.ts'
import type { Outcome } from '../../outcome.ts'
import type { FileRequest } from '../audience.ts'
import type { FileBook } from '../fileBook.ts'
import { type FileRefusal, refuse } from '../refusal.ts'
import type { KnownFile } from '../storedFile.ts'

const idPattern = /^[0-9a-f]{32}$/

export async function fileAt(
  book: FileBook,
  context: Context<DoorEnvironment>,
): Promise<Outcome<KnownFile, FileRefusal>> {
  const id = context.req.param('id') ?? ''
  const file = idPattern.test(id) ? await book.find(id) : undefined
  return file === undefined ? refuse(404, 'There is no such file, or no more') : { ok: true, value: file }
}

export function askedBy(context: Context<DoorEnvironment>): FileRequest {
  return { headers: context.req.raw.headers, query: name => context.req.query(name) }
}
