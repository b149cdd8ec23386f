// One file of a machine's workspace, by its path.
import { openFolder, openPlainFile, openRoot } from './beneath.ts'

const readBytes = 1_048_576

/** Throws `NotThere` for what is no plain file. */
export async function* readFileAt(workspace: string, path: readonly string[]): AsyncGenerator<Uint8Array> {
  const root = await openRoot(workspace)
  try {
    const folder = await openFolder(root, path.slice(0, -1))
    try {
      const file = await openPlainFile(folder, path.at(-1) ?? '', path.join('/'))
      try {
        const { size } = await file.stat()
        for (let at = 0; at < size; ) {
          const length = Math.min(readBytes, size - at)
          const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at)
          if (bytesRead === 0) return
          at += bytesRead
          yield buffer.subarray(0, bytesRead)
        }
      } finally {
        await file.close()
      }
    } finally {
      if (folder !== root) await folder.close()
    }
  } finally {
    await root.close()
  }
}
