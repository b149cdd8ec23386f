// The story as plain lines, for logs, pipes and CI.
import type { Stage } from './stage.ts'

export function createPlainStage(write: (text: string) => void): Stage {
  const line = (text: string): void => write(`${text}\n`)
  return {
    open: line,
    begin: what => line(`… ${what}`),
    // A log keeps every line: figures that change are left to the terminal.
    update: () => undefined,
    done: what => line(`✔ ${what}`),
    fail: what => line(`✘ ${what}`),
    note(heading, lines) {
      line(`\n${heading}`)
      for (const text of lines) line(`  ${text}`)
      line('')
    },
    say(lines) {
      for (const text of lines) line(text)
    },
    close: line,
  }
}
