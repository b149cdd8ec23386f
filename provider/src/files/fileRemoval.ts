// Files go: when told, and by themselves when their time is over, uploads that never end among them.
import type { Clock } from '@worldland-aa/service/clock'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { FileBook } from './fileBook.ts'
import type { FileStore } from './fileStore.ts'
import type { Staging } from './staging.ts'
import type { KnownFile } from './storedFile.ts'

export type FileRemoval = Part & {
  /** From the store first: whoever dies in the middle begins again with what the book still has. */
  remove(file: KnownFile): Promise<void>
  /** What has expired by now. */
  sweep(): Promise<void>
}

const everyMilliseconds = 60_000

export function createFileRemoval(options: {
  readonly book: FileBook
  readonly store: FileStore
  readonly staging: Staging
  readonly clock: Clock
  readonly logger: Logger
}): FileRemoval {
  const { book, store, staging, clock, logger } = options
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | undefined

  async function remove(file: KnownFile): Promise<void> {
    // Of one that never became whole, whoever died in the middle may have left some.
    await store.delete(file.state === 'stored' ? file.reference : file.id)
    await staging.remove(file.id)
    await book.remove(file.id)
  }

  async function sweep(): Promise<void> {
    for (const file of await book.expired(Math.floor(clock.now() / 1000))) {
      // One that cannot go yet keeps none of the others.
      await remove(file).catch(error =>
        logger.warn({ error, file: file.id }, 'a file whose time is over could not be removed yet'),
      )
    }
  }

  /** What was written of uploads that the book does not know: a daemon died between the two. */
  async function dropStrays(): Promise<void> {
    for (const id of await staging.ids()) {
      const known = await book.find(id)
      if (known?.state !== 'uploading') await staging.remove(id)
    }
  }

  function sweepQuietly(): void {
    sweeping ??= sweep()
      .catch(error => logger.warn({ error }, 'files whose time is over could not be looked for'))
      .finally(() => {
        sweeping = undefined
      })
  }

  return {
    name: 'files',
    remove,
    sweep,
    async start() {
      await dropStrays()
      timer = setInterval(sweepQuietly, everyMilliseconds)
    },
    async stop() {
      clearInterval(timer)
      await sweeping
    },
  }
}
