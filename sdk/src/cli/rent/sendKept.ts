// Sends once: what is about to be sent stands in the state file before, its hash after; what was refused is forgotten, and
// what may have been sent all the same is not, so that no later run sends it again.
import { ComputeError } from '../../errors/computeError.ts'
import type { Sending, StateFile } from './stateFile.ts'

/** `send` keeps it by `file.change` before, and hands it back with its hash. */
export async function sendKept(file: StateFile, send: () => Promise<Sending>): Promise<void> {
  try {
    file.change({ sending: await send() })
  } catch (error) {
    if (isRefusal(error)) file.change({ sending: undefined })
    throw error
  }
}

/** Who does not answer may have taken it. */
function isRefusal(error: unknown): boolean {
  return error instanceof ComputeError && error.source !== 'network' && error.source !== 'node'
}
