// What is under way for all callers and for each, in requests and in bytes of their bodies: a bound on the memory that
// requests take from their first byte to their answer.

export type Place = {
  /** Makes room for more bytes of the body; false when there is none. */
  grow(bytes: number): boolean
  /** Gives the place back. */
  end(): void
}

export type UnderWay = {
  /** Undefined when the caller, or all together, have too much under way. */
  begin(caller: string): Place | undefined
}

export type UnderWayLimits = Readonly<
  Record<'requests' | 'requestsPerCaller' | 'bytes' | 'bytesPerCaller', number>
>

export function createUnderWay(limits: UnderWayLimits): UnderWay {
  const callers = new Map<string, { requests: number; bytes: number }>()
  let requests = 0
  let bytes = 0
  return {
    begin(caller) {
      const own = callers.get(caller) ?? { requests: 0, bytes: 0 }
      if (requests >= limits.requests || own.requests >= limits.requestsPerCaller) return undefined
      callers.set(caller, own)
      requests++
      own.requests++
      let held = 0
      return {
        grow(more) {
          if (bytes + more > limits.bytes || own.bytes + more > limits.bytesPerCaller) return false
          held += more
          bytes += more
          own.bytes += more
          return true
        },
        end() {
          requests--
          own.requests--
          bytes -= held
          own.bytes -= held
          if (own.requests === 0) callers.delete(caller)
        },
      }
    },
  }
}
