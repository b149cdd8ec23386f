// One clock for every time on the page.
import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let nowSeconds = Math.floor(Date.now() / 1000)
let timer: ReturnType<typeof setInterval> | undefined

export function useNowSeconds(): number {
  return useSyncExternalStore(subscribe, () => nowSeconds)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

function tick(): void {
  nowSeconds = Math.floor(Date.now() / 1000)
  for (const listener of listeners) listener()
}
