// The body of a request, counted as it comes: a declared length is believed only where it is too large.
import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tooLarge' }
  /** `admit` had no room for it. */
  | { readonly kind: 'refused' }
  /** The caller went before it was whole. */
  | { readonly kind: 'gone' }

const decoder = new TextDecoder()

/** `admit` is asked for each piece. */
export function readBody(
  incoming: IncomingMessage,
  { maxBytes, admit }: { readonly maxBytes: number; readonly admit: (bytes: number) => boolean },
): Promise<Body> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve({ kind: 'tooLarge' })
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let bytes = 0
    const end = (body: Body): void => {
      incoming.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      resolve(body)
    }
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > maxBytes) end({ kind: 'tooLarge' })
      else if (admit(chunk.length)) chunks.push(chunk)
      else end({ kind: 'refused' })
    }
    const onEnd = (): void => {
      const [first] = chunks
      const whole = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
      end({ kind: 'text', text: decoder.decode(whole) })
    }
    const onClose = (): void => end({ kind: 'gone' })
    incoming.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
    if (incoming.destroyed) onClose()
  })
}
