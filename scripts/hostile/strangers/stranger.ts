// What a stranger is to the runner: somebody who does one kind of harm again and again.

export type Stranger = {
  readonly name: string
  /** Between two acts, at strength 1. */
  readonly everyMilliseconds: number
  /** What came of it, in a few words: they are counted. */
  act(): Promise<string>
}

/** `refused -32602`: what it was refused by, without what differs from one time to the next. */
export function outcomeOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const code = /^-?\d{5}/.exec(message)?.[0]
  return code === undefined ? `failed: ${message.slice(0, 60)}` : `refused ${code}`
}
