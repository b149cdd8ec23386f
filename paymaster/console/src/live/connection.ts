// Whether the paymaster answers, for whoever shows it. Told by the live stream and by every request that fails.
import { useSyncExternalStore } from 'react'

export type Connection = 'connecting' | 'open' | 'gone'

const listeners = new Set<() => void>()
let current: Connection = 'connecting'
let onGone: () => void = () => undefined

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => current)
}

export function reportOpen(): void {
  change('open')
}

export function reportGone(): void {
  if (current === 'gone') return
  change('gone')
  onGone()
}

/** The live stream: it looks after the way back. */
export function lookAfterGone(look: () => void): void {
  onGone = look
}

function change(next: Connection): void {
  if (current === next) return
  current = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
