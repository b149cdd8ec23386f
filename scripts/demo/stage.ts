// Where the story is told: what a telling has to offer, whatever it is written on.

export type Stage = {
  open(title: string): void
  /** Something that takes time begins; the next call of `update`, `done` or `fail` is about it. */
  begin(what: string): void
  /** It goes on: a figure has changed. */
  update(what: string): void
  done(what: string): void
  fail(what: string): void
  /** A block of lines under a heading. */
  note(heading: string, lines: readonly string[]): void
  /** Lines to copy from: nothing before or around them. */
  say(lines: readonly string[]): void
  close(line: string): void
}
