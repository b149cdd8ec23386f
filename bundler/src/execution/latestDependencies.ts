// What the last trace of each operation stood on. Only in memory, and only as long as somebody asks: an operation that
// nobody asked for in some blocks has landed or left, or is traced anew.
import type { Dependencies } from '../chainState/dependencies.ts'

/** Some 5 KiB each. */
const most = 10_000
const blocksInMemory = 4

export class LatestDependencies {
  /** Those of the last blocks, and those of the blocks before that nobody has asked for since. */
  #young = new Map<string, Dependencies>()
  #old = new Map<string, Dependencies>()
  #blocks = 0

  get(operationKey: string): Dependencies | undefined {
    const dependencies = this.#young.get(operationKey) ?? this.#old.get(operationKey)
    if (dependencies !== undefined) this.set(operationKey, dependencies)
    return dependencies
  }

  set(operationKey: string, dependencies: Dependencies): void {
    if (this.#young.size >= most / 2) this.#age()
    this.#old.delete(operationKey)
    this.#young.set(operationKey, dependencies)
  }

  /** To be told of each block. */
  blockPassed(): void {
    this.#blocks++
    if (this.#blocks % blocksInMemory === 0) this.#age()
  }

  #age(): void {
    this.#old = this.#young
    this.#young = new Map()
  }
}
