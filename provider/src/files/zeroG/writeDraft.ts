// A file of its own folder that nobody else sees yet.
import { mkdtemp, open } from 'node:fs/promises'
import { join } from 'node:path'

/** Returns its path; whoever is done removes the folder it lies in. */
export async function writeDraft(folder: string, bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'draft-')), 'file')
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of bytes) await file.writeFile(piece)
    await file.sync()
  } finally {
    await file.close()
  }
  return path
}
