// What executing took, by operation: several are under way at once in a thread, so that no clock alone can tell.
import type { UserOperation } from '../validation/validatedOperation.ts'

export type Measured<Answer> = { readonly answer: Answer; readonly milliseconds: number }

export class WorkMeter {
  readonly #milliseconds = new WeakMap<UserOperation, number>()

  readonly add = (userOperation: UserOperation, milliseconds: number): void => {
    this.#milliseconds.set(userOperation, this.spentOn(userOperation) + milliseconds)
  }

  /** Of this very object, not of another that says the same. */
  spentOn(userOperation: UserOperation): number {
    return this.#milliseconds.get(userOperation) ?? 0
  }
}
