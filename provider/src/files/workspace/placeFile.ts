// Puts a file into a machine's workspace, whole or not at all, in place of whatever had its name.
import { constants } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { asNotThere, openFolder, openRoot, within } from './beneath.ts'

export async function placeFile(options: {
  readonly workspace: string
  /** Folders, and the file's name. */
  readonly path: readonly string[]
  readonly bytes: AsyncIterable<Uint8Array>
  /** For the file while it is written: 32 hex digits. */
  readonly id: string
}): Promise<void> {
  const { path, bytes } = options
  const name = path.at(-1) ?? ''
  const root = await openRoot(options.workspace)
  try {
    const folder = await openFolder(root, path.slice(0, -1), { make: true })
    const draft = within(folder, `.${options.id}.part`)
    try {
      const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
      const file = await open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644)
      try {
        for await (const piece of bytes) await file.writeFile(piece)
      } finally {
        await file.close()
      }
      // A link of that name gives way; it is not followed.
      await rename(draft, within(folder, name))
    } catch (error) {
      await rm(draft, { force: true })
      throw asNotThere(error, path.join('/'))
    } finally {
      if (folder !== root) await folder.close()
    }
  } finally {
    await root.close()
  }
}
