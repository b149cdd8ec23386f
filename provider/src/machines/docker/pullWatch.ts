// When the fetching of an image is broken off. A large image over a slow line is no outage, so silence counts rather than
// time; but a registry that trickles, an image that would fill the disk, and one that nobody waits for any more come to an end.
import type { DiskReserve } from './diskReserve.ts'

export type PullBounds = {
  readonly silenceMilliseconds: number
  readonly longestMilliseconds: number
  readonly diskLookMilliseconds: number
}

export const defaultPullBounds: PullBounds = {
  silenceMilliseconds: 3 * 60_000,
  longestMilliseconds: 6 * 3_600_000,
  diskLookMilliseconds: 1_000,
}

export type PullEnd = { readonly code: 'no-such-image' | 'no-room' | 'ended'; readonly reason: string }

export type PullWatch = {
  readonly signal: AbortSignal
  /** The registry was heard. */
  heard(): void
  /** Why it was broken off. */
  end(): PullEnd | undefined
  close(): void
}

export function watchPull(options: {
  readonly bounds: PullBounds
  readonly reserve: DiskReserve
  /** Nobody waits for it any more. */
  readonly unwanted: AbortSignal | undefined
}): PullWatch {
  const { bounds, reserve, unwanted } = options
  const broken = new AbortController()
  let end: PullEnd | undefined

  function breakOff(code: PullEnd['code'], reason: string): void {
    end ??= { code, reason }
    broken.abort()
  }

  const isUnwanted = (): void => breakOff('ended', 'what it was for has ended')
  const silence = setTimeout(
    () => breakOff('no-such-image', 'its registry fell silent'),
    bounds.silenceMilliseconds,
  )
  const tooLong = setTimeout(
    () => breakOff('no-such-image', 'its registry takes too long to give it'),
    bounds.longestMilliseconds,
  )
  let isLooking = false
  async function lookAtDisk(): Promise<void> {
    // A disk that cannot be asked is no reason to break anything off.
    const shortage = await reserve.shortage().catch(() => undefined)
    if (shortage !== undefined) breakOff('no-room', shortage)
  }
  const disk = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void lookAtDisk().finally(() => {
      isLooking = false
    })
  }, bounds.diskLookMilliseconds)
  unwanted?.addEventListener('abort', isUnwanted, { once: true })
  if (unwanted?.aborted === true) isUnwanted()

  return {
    signal: broken.signal,
    heard: () => void silence.refresh(),
    end: () => end,
    close() {
      clearTimeout(silence)
      clearTimeout(tooLong)
      clearInterval(disk)
      unwanted?.removeEventListener('abort', isUnwanted)
    },
  }
}
