// Hears from the service that something changed, and makes old the answers that depend on it. When the service is
// gone it knocks until it is back, and then asks everything anew: nobody has to reload.
import type { QueryClient } from '@tanstack/react-query'
import type { LiveKind, LiveUpdate } from '../../../src/admin/liveUpdates.ts'
import { apiUrl } from '../api/request.ts'
import { lookAfterGone, reportGone, reportOpen } from './connection.ts'

/** Many operations a second are one look. */
const gatherMilliseconds = 400
const knockMilliseconds = { first: 500, longest: 5_000 }
/** The service beats every ten seconds: a connection that is silent for longer leads nowhere. */
const silenceMilliseconds = 25_000
/** Browsers open six connections to a host, and each tab's stream is one: a tab that nobody sees gives its own back. */
const hiddenMilliseconds = 15_000

export function startLiveUpdates(client: QueryClient): () => void {
  let source: EventSource | undefined
  let waitMilliseconds = knockMilliseconds.first
  let wasLost = false
  let knock: ReturnType<typeof setTimeout> | undefined
  let gathered: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let hiding: ReturnType<typeof setTimeout> | undefined
  let isResting = false
  const kinds = new Set<LiveKind>()

  function look(): void {
    gathered = undefined
    const changed = new Set(kinds)
    kinds.clear()
    void client.invalidateQueries(
      { predicate: ({ meta }) => liveOf(meta).some(kind => changed.has(kind)) },
      // A look that is under way is finished: else a busy service would never be seen.
      { cancelRefetch: false },
    )
  }

  function beat(): void {
    clearTimeout(silence)
    silence = setTimeout(() => source?.dispatchEvent(new Event('error')), silenceMilliseconds)
  }

  function hear(event: MessageEvent<string>): void {
    beat()
    kinds.add((JSON.parse(event.data) as LiveUpdate).kind)
    gathered ??= setTimeout(look, gatherMilliseconds)
  }

  function open(): void {
    source?.close()
    clearTimeout(knock)
    const opened = new EventSource(apiUrl('live'))
    source = opened
    opened.addEventListener('update', hear)
    opened.addEventListener('beat', beat)
    opened.addEventListener('ended', () => void client.invalidateQueries({ queryKey: ['session'] }))
    opened.onopen = () => {
      waitMilliseconds = knockMilliseconds.first
      reportOpen()
      beat()
      if (wasLost) void client.invalidateQueries()
      wasLost = false
    }
    // The browser's own way back gives up for good on some answers; this one does not.
    opened.onerror = () => {
      opened.close()
      clearTimeout(silence)
      if (source !== opened) return
      lose()
      knock = setTimeout(open, waitMilliseconds)
      waitMilliseconds = Math.min(2 * waitMilliseconds, knockMilliseconds.longest)
    }
  }

  function lose(): void {
    wasLost = true
    reportGone()
    // It may be that only the session ended.
    void client.invalidateQueries({ queryKey: ['session'] })
  }

  function close(): void {
    source?.close()
    source = undefined
    clearTimeout(knock)
    clearTimeout(silence)
  }

  function restWhileHidden(): void {
    clearTimeout(hiding)
    if (document.hidden) {
      hiding = setTimeout(() => {
        isResting = true
        close()
      }, hiddenMilliseconds)
    } else if (isResting) {
      isResting = false
      wasLost = true
      open()
    }
  }

  lookAfterGone(() => {
    wasLost = true
  })
  document.addEventListener('visibilitychange', restWhileHidden)
  open()
  return () => {
    document.removeEventListener('visibilitychange', restWhileHidden)
    clearTimeout(hiding)
    clearTimeout(gathered)
    close()
  }
}

function liveOf(meta: { readonly live?: readonly LiveKind[] } | undefined): readonly LiveKind[] {
  return meta?.live ?? []
}
