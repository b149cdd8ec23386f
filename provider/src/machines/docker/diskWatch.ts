// Holds machines to their disk where the engine cannot: looks again and again at each, beside the others, so that one that is
// slow to count or fails keeps no other from being looked at. Between two looks a machine may write what the disk takes.
import { repeat } from '../repeat.ts'

/** However long a look takes: who makes it slow does not buy time by it. */
const longestPauseMilliseconds = 60_000
const shareOfTime = 9
/** At a time: each reads a whole folder. */
const mostLooks = 4

export function createDiskWatch(options: {
  readonly find: () => Promise<readonly string[]>
  readonly look: (id: string) => Promise<void>
  readonly pauseMilliseconds: number
  readonly onTrouble: (error: unknown) => void
}): { end(): void } {
  const { find, look, pauseMilliseconds, onTrouble } = options
  /** When each may be looked at again; never while it is. */
  const nextAtMilliseconds = new Map<string, number>()
  let looks = 0

  async function lookAt(id: string): Promise<void> {
    const began = Date.now()
    looks++
    nextAtMilliseconds.set(id, Number.POSITIVE_INFINITY)
    await look(id).catch(onTrouble)
    looks--
    const now = Date.now()
    const pause = Math.min(shareOfTime * (now - began), longestPauseMilliseconds)
    nextAtMilliseconds.set(id, now + Math.max(pause, pauseMilliseconds / 2))
  }

  return repeat(
    async () => {
      const all = new Set(await find())
      for (const [id, atMilliseconds] of nextAtMilliseconds)
        if (!all.has(id) && Number.isFinite(atMilliseconds)) nextAtMilliseconds.delete(id)
      const dueAt = (id: string): number => nextAtMilliseconds.get(id) ?? 0
      const now = Date.now()
      const due = [...all].filter(id => dueAt(id) <= now).sort((left, right) => dueAt(left) - dueAt(right))
      for (const id of due.slice(0, Math.max(0, mostLooks - looks))) void lookAt(id)
    },
    pauseMilliseconds,
    onTrouble,
  )
}
