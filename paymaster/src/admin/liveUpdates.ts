// What an open console hears at once: that something of a kind changed, and which. It asks for the rest itself.
export const liveKinds = [
  'operation',
  'block',
  'policy',
  'price',
  'treasury',
  'signer',
  'apiKey',
  'webhook',
  'delivery',
  'alert',
  'audit',
  'brake',
  'reconciliation',
  'session',
] as const
export type LiveKind = (typeof liveKinds)[number]

export type LiveUpdate = { readonly kind: LiveKind; readonly id?: string }

export type LiveUpdates = {
  tell(update: LiveUpdate): void
  /** Until the signal; what a slow listener has not taken is merged, so that nobody's queue grows without bound. */
  listen(signal: AbortSignal): AsyncIterable<LiveUpdate>
}

/** Kinds and ids that one listener may be behind by; beyond that it hears only the kind. */
const mostWaiting = 256

export function createLiveUpdates(): LiveUpdates {
  const listeners = new Set<(update: LiveUpdate) => void>()
  return {
    tell(update) {
      for (const hear of listeners) hear(update)
    },
    async *listen(signal) {
      const waiting = new Map<string, LiveUpdate>()
      let wake: () => void = () => undefined
      const hear = (update: LiveUpdate): void => {
        const heard = waiting.size < mostWaiting ? update : { kind: update.kind }
        waiting.set(`${heard.kind} ${heard.id ?? ''}`, heard)
        wake()
      }
      const end = (): void => wake()
      listeners.add(hear)
      signal.addEventListener('abort', end)
      try {
        while (!signal.aborted) {
          const next = waiting.entries().next().value
          if (next === undefined) {
            await new Promise<void>(resolve => {
              wake = resolve
            })
            continue
          }
          waiting.delete(next[0])
          yield next[1]
        }
      } finally {
        listeners.delete(hear)
        signal.removeEventListener('abort', end)
      }
    },
  }
}
