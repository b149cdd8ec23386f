// The requests of one SFTP session, one after the other, and answers no faster than they are taken: so that what waits in
// memory is bounded, whatever the peer sends.
import { setTimeout as pause } from 'node:timers/promises'
import type { SFTPWrapper } from 'ssh2'
import { isStuck } from './libraryInsides.ts'
import { statusCodeOf } from './sftpReplies.ts'
import { FileRefusal } from './workspaceFiles.ts'

export type RequestLine = {
  /** `answer` replies by itself, or throws; `bytes` wait with it. */
  add(id: number, bytes: number, answer: () => Promise<void> | void): void
  /** Resolves when what is under way has ended; the rest is dropped. */
  end(): Promise<void>
}

/** Honest clients have some 64 requests of 32 KiB under way. */
const mostRequests = 2_048
const mostBytes = 32 * 1024 * 1024
const lookMilliseconds = 10

export function createRequestLine(
  sftp: SFTPWrapper,
  options: { readonly onAbuse: () => void; readonly onError: (error: unknown) => void },
): RequestLine {
  const waiting: { id: number; bytes: number; answer: () => Promise<void> | void }[] = []
  let waitingBytes = 0
  let running: Promise<void> | undefined
  let isEnded = false

  async function untilTaken(): Promise<void> {
    while (!isEnded && isStuck(sftp)) await pause(lookMilliseconds)
  }

  async function run(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !isEnded; next = waiting.shift()) {
      waitingBytes -= next.bytes
      await untilTaken()
      try {
        await next.answer()
      } catch (error) {
        if (!(error instanceof FileRefusal) && (error as NodeJS.ErrnoException).code === undefined) {
          options.onError(error)
        }
        sftp.status(next.id, statusCodeOf(error))
      }
    }
    running = undefined
  }

  return {
    add(id, bytes, answer) {
      if (isEnded) return
      waiting.push({ id, bytes, answer })
      waitingBytes += bytes
      if (waiting.length > mostRequests || waitingBytes > mostBytes) {
        isEnded = true
        waiting.length = 0
        options.onAbuse()
        return
      }
      running ??= run()
    },
    async end() {
      isEnded = true
      waiting.length = 0
      await running
    },
  }
}
