// A binary heap: the best of many in O(log n), for picking who goes next and who must leave.

export type Heap<Item> = {
  readonly size: number
  push(item: Item): void
  /** Takes the first in order; undefined when empty. */
  pop(): Item | undefined
}

/** `precedes` is a strict order; `items` are taken in at O(n). */
export function createHeap<Item>(
  precedes: (one: Item, other: Item) => boolean,
  items: Iterable<Item> = [],
): Heap<Item> {
  const heap: Item[] = [...items]
  for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(index)

  /** False when either place is empty. */
  function isBefore(one: number, other: number): boolean {
    const first = heap[one]
    const second = heap[other]
    return first !== undefined && second !== undefined && precedes(first, second)
  }

  function swap(one: number, other: number): void {
    const kept = heap[one] as Item
    heap[one] = heap[other] as Item
    heap[other] = kept
  }

  function sink(from: number): void {
    let index = from
    for (;;) {
      const left = 2 * index + 1
      let first = isBefore(left, index) ? left : index
      if (isBefore(left + 1, first)) first = left + 1
      if (first === index) return
      swap(index, first)
      index = first
    }
  }

  function rise(from: number): void {
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(index, parent)) return
      swap(index, parent)
      index = parent
    }
  }

  return {
    get size() {
      return heap.length
    },
    push(item) {
      heap.push(item)
      rise(heap.length - 1)
    },
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last
        sink(0)
      }
      return first
    },
  }
}
