// What is asked of one machine is done in the order it was asked, one thing at a time: a start that meets a wipe half-way
// would leave half a machine. Machines do not wait for each other.

export type KeyedQueue = {
  run<Value>(key: string, work: () => Promise<Value>): Promise<Value>
}

export function createKeyedQueue(): KeyedQueue {
  const last = new Map<string, Promise<unknown>>()

  return {
    run(key, work) {
      const done = (last.get(key) ?? Promise.resolve()).then(work, work)
      last.set(key, done)
      const forget = (): void => {
        if (last.get(key) === done) last.delete(key)
      }
      done.then(forget, forget)
      return done
    },
  }
}
