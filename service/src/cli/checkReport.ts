// What `check` tells: whether `start` would serve, line by line, without changing anything.
import { type ExitCode, exitCodes } from './exitCodes.ts'

export type CheckLine = {
  /** What it is about: `signer`, `deposit`. */
  readonly subject: string
  readonly says: string
  /** `start` would not serve; `says` tells what to do about it. */
  readonly isObstacle?: boolean
  /** `start` would serve, but not all of it. */
  readonly isDrawback?: boolean
}

export function obstacle(subject: string, says: string): CheckLine {
  return { subject, says, isObstacle: true }
}

/** Prints them, each marked; how many are obstacles. */
export function tellLines(lines: readonly CheckLine[]): number {
  const width = Math.max(...lines.map(({ subject }) => subject.length))
  for (const line of lines) {
    process.stdout.write(`${markOf(line)} ${line.subject.padEnd(width)}  ${line.says}\n`)
  }
  return lines.filter(({ isObstacle }) => isObstacle).length
}

function markOf({ isObstacle, isDrawback }: CheckLine): string {
  if (isObstacle) return 'NO '
  return isDrawback ? 'but' : 'ok '
}

/** Prints it; what to exit with. */
export function tellCheck(program: string, lines: readonly CheckLine[]): ExitCode {
  const obstacles = tellLines(lines)
  if (obstacles === 0) {
    process.stdout.write(`${program} start would serve\n`)
    return exitCodes.done
  }
  process.stderr.write(`${program} start would not serve: mend what is marked NO (${obstacles})\n`)
  return exitCodes.no
}
