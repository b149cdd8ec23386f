// Remembers how to undo what was started, and undoes it in reverse, once, whatever fails on the way.

export type Cleanup = {
  /** Undone at once when `run` was called before. */
  add(name: string, undo: () => Promise<void> | void): void
  /** The same promise for every caller. */
  run(): Promise<void>
}

export function createCleanup(onError: (problem: string, error: unknown) => void): Cleanup {
  const undos: { name: string; undo: () => Promise<void> | void }[] = []
  let running: Promise<void> | undefined
  async function runOne(name: string, undo: () => Promise<void> | void): Promise<void> {
    try {
      await undo()
    } catch (error) {
      onError(`${name} did not stop cleanly`, error)
    }
  }
  async function runAll(): Promise<void> {
    for (let next = undos.pop(); next !== undefined; next = undos.pop()) await runOne(next.name, next.undo)
  }
  return {
    add(name, undo) {
      // What starts while everything is being stopped is stopped at once.
      if (running !== undefined) void runOne(name, undo)
      else undos.push({ name, undo })
    },
    run() {
      running ??= runAll()
      return running
    },
  }
}
