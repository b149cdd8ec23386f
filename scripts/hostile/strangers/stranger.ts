// What a stranger is to the runner: somebody who does one kind of harm again and again.
import { Refused } from '../caller.ts'

export type Stranger = {
  readonly name: string
  /** Between two acts, at strength 1. */
  readonly everyMilliseconds: number
  /** What came of it, in a few words: they are counted. */
  act(): Promise<string>
}

/** `refused -32501 gasLimitTooHigh`: by what it was refused, or what went wrong. */
export function outcomeOf(error: unknown): string {
  if (error instanceof Refused) return `refused ${error.kind.slice(0, 60)}`
  return `failed: ${(error instanceof Error ? error.message : String(error)).slice(0, 60)}`
}
