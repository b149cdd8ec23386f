// What the command has of its process, handed in by main alone.
import type { Readable, Writable } from 'node:stream'
import type { Flags } from './flags.ts'
import type { Environment } from './network.ts'

export type Surroundings = {
  readonly flags: Flags
  readonly environment: Environment
  readonly input: Readable
  readonly output: Writable
  /** Until it is interrupted. */
  readonly interrupted: AbortSignal
}

export function say({ output }: Surroundings, text: string): void {
  output.write(`${text}\n`)
}
