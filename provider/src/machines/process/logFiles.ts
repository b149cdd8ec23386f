// What a machine printed: the newest file and the one before it, as its supervisor turns them over. Read in pieces, for
// a tail of any length.
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const pieceBytes = 64 * 1024
const lookAgainMilliseconds = 100

export async function* readLogs(options: {
  readonly logFile: string
  readonly tailLines: number
  readonly follow: boolean
  readonly signal: AbortSignal | undefined
  readonly isEnded: () => boolean
}): AsyncGenerator<Uint8Array> {
  const { logFile, tailLines, follow, signal, isEnded } = options
  let current = await openIfThere(logFile)
  try {
    let position = 0
    if (current !== undefined) {
      const start = await tailStart(current, tailLines)
      if (start.missingLines > 0) yield* readOlder(`${logFile}.1`, start.missingLines, signal)
      position = start.position
    }
    for (;;) {
      // Looked at before the file is: what is written until then is still read.
      const isLast = !follow || isEnded()
      while (current !== undefined && signal?.aborted !== true) {
        const piece = await readPiece(current, position)
        if (piece.length === 0) break
        position += piece.length
        yield piece
      }
      if (signal?.aborted === true) return
      const next = await openIfThere(logFile)
      if (next !== undefined && (current === undefined || !(await isSameFile(current, next)))) {
        await current?.close()
        current = next
        position = 0
        continue
      }
      await next?.close()
      if (isLast) return
      await sleep(lookAgainMilliseconds, undefined, signal === undefined ? {} : { signal }).catch(
        () => undefined,
      )
    }
  } finally {
    await current?.close()
  }
}

async function* readOlder(
  path: string,
  lines: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const older = await openIfThere(path)
  if (older === undefined) return
  try {
    let { position } = await tailStart(older, lines)
    while (signal?.aborted !== true) {
      const piece = await readPiece(older, position)
      if (piece.length === 0) return
      position += piece.length
      yield piece
    }
  } finally {
    await older.close()
  }
}

/** Where the last so many lines begin, and how many there were too few. */
async function tailStart(
  file: FileHandle,
  lines: number,
): Promise<{ readonly position: number; readonly missingLines: number }> {
  const { size } = await file.stat()
  if (lines <= 0) return { position: size, missingLines: 0 }
  let seen = 0
  for (let end = size; end > 0; ) {
    const begin = Math.max(0, end - pieceBytes)
    const piece = await readPiece(file, begin, end - begin)
    for (let index = piece.length - 1; index >= 0; index--) {
      // The last line's own end begins no line.
      if (piece[index] !== 10 || begin + index === size - 1) continue
      seen += 1
      if (seen === lines) return { position: begin + index + 1, missingLines: 0 }
    }
    end = begin
  }
  return { position: 0, missingLines: size === 0 ? lines : lines - seen - 1 }
}

async function readPiece(file: FileHandle, position: number, bytes = pieceBytes): Promise<Uint8Array> {
  const piece = Buffer.alloc(bytes)
  const { bytesRead } = await file.read(piece, 0, bytes, position)
  return piece.subarray(0, bytesRead)
}

async function isSameFile(one: FileHandle, other: FileHandle): Promise<boolean> {
  const [first, second] = await Promise.all([one.stat(), other.stat()])
  return first.ino === second.ino && first.dev === second.dev
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
