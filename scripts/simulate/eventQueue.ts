// What happens next? Events in the order of their time; those of one moment in the order in which they were planned.
import { createHeap } from '@worldland-aa/bundler/mempool/heap'

export type EventQueue<Event> = {
  readonly size: number
  plan(seconds: number, event: Event): void
  next(): { readonly seconds: number; readonly event: Event } | undefined
}

export function createEventQueue<Event>(): EventQueue<Event> {
  let planned = 0
  const heap = createHeap<{ seconds: number; order: number; event: Event }>(
    (one, other) => one.seconds < other.seconds || (one.seconds === other.seconds && one.order < other.order),
  )
  return {
    get size() {
      return heap.size
    },
    plan(seconds, event) {
      heap.push({ seconds, order: planned++, event })
    },
    next: () => heap.pop(),
  }
}
