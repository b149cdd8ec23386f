// Reads a stream by so many bytes, keeps no more than a chunk of it, and stops when its time is over.
import type { Stream } from '@libp2p/interface'
import type { ByteSource } from '../codec/snappyFrames.ts'

export type ByteReader = ByteSource & {
  /** From now on it waits as long as this signal lets it. */
  within(signal: AbortSignal): void
  /** Whether the other side has sent no byte more: it must have closed its side. */
  isAtEnd(): Promise<boolean>
}

export function createByteReader(stream: Stream, untilFirst: AbortSignal): ByteReader {
  let signal = untilFirst
  const iterator = stream[Symbol.asyncIterator]()
  let buffered: Uint8Array = new Uint8Array()

  /** False at the end. */
  async function fill(): Promise<boolean> {
    const next = await untilAborted(iterator.next(), signal)
    if (next.done === true) return false
    const bytes = next.value.subarray()
    buffered = buffered.length === 0 ? bytes.slice() : Uint8Array.from(Buffer.concat([buffered, bytes]))
    return true
  }

  return {
    within(next) {
      signal = next
    },
    async read(count) {
      while (buffered.length < count) if (!(await fill())) return undefined
      const taken = buffered.subarray(0, count)
      buffered = buffered.subarray(count)
      return taken
    },
    async isAtEnd() {
      while (buffered.length === 0) if (!(await fill())) return true
      return false
    },
  }
}

/** Rejects with the signal's reason when it comes first. */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted()
  let abandon = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    abandon = () => reject(signal.reason)
    signal.addEventListener('abort', abandon, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abandon)
  }
}
