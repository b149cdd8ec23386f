// Which vouchers were shown already. Requests that are sent at once overtake each other: a voucher that comes after a later
// one of its lane draws on nothing any more, and still shows who sent it, once. What this memory does not reach counts as
// seen.

export type SeenSequences = {
  /** Whether it was not seen before; from now on it is. `newest`: the sequence of the last voucher taken. */
  takeLate(lane: string, sequence: bigint, newest: bigint): boolean
  isLate(lane: string, sequence: bigint, newest: bigint): boolean
  /** The one taken now, after `before`. */
  took(lane: string, sequence: bigint, before: bigint | undefined): void
}

const reach = 256n
const mostKept = 2 * Number(reach)
const mostLanes = 20_000

export function createSeenSequences(): SeenSequences {
  /** `floor`: all up to it count as seen. The least recently used first. */
  const lanes = new Map<string, { floor: bigint; readonly seen: Set<bigint> }>()

  function isLate(lane: string, sequence: bigint, newest: bigint): boolean {
    const known = lanes.get(lane)
    if (known === undefined || sequence >= newest || newest - sequence > reach) return false
    return sequence > known.floor && !known.seen.has(sequence)
  }

  return {
    isLate,
    takeLate(lane, sequence, newest) {
      if (!isLate(lane, sequence, newest)) return false
      lanes.get(lane)?.seen.add(sequence)
      return true
    },
    took(lane, sequence, before) {
      // Of a lane that is new here, also after a restart, nothing older can be told from what was seen.
      const known = lanes.get(lane) ?? { floor: before ?? 0n, seen: new Set<bigint>() }
      known.seen.add(sequence)
      if (sequence - reach > known.floor) known.floor = sequence - reach
      // Not at each: what lies below the floor counts as seen whether it stands here or not.
      if (known.seen.size > mostKept) {
        for (const one of known.seen) if (one <= known.floor) known.seen.delete(one)
      }
      lanes.delete(lane)
      lanes.set(lane, known)
      const [oldest] = lanes.keys()
      if (lanes.size > mostLanes && oldest !== undefined) lanes.delete(oldest)
    },
  }
}
