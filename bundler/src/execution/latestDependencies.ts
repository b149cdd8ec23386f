// What the last trace of each operation stood on. Only in memory: after a restart every operation is traced anew.
import type { Dependencies } from '../chainState/dependencies.ts'

/** Some 5 KiB each. */
const most = 10_000

export class LatestDependencies {
  /** The oldest first. */
  readonly #byOperation = new Map<string, Dependencies>()

  get(operationKey: string): Dependencies | undefined {
    return this.#byOperation.get(operationKey)
  }

  set(operationKey: string, dependencies: Dependencies): void {
    this.#byOperation.delete(operationKey)
    this.#byOperation.set(operationKey, dependencies)
    for (const oldest of this.#byOperation.keys()) {
      if (this.#byOperation.size <= most) return
      this.#byOperation.delete(oldest)
    }
  }
}
