/** Why something sealed stays shut: to be expected, so a value and not an exception. */
export type Unopened = {
  readonly ok: false
  /** What is wrong, as a sentence. */
  readonly problem: string
  readonly remedy: string
}
