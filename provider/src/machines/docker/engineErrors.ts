// What the engine's answers mean: a refusal that a person can mend, or an outage.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { MachineRefusal } from '../machineDriver.ts'

const mostWords = 500

/** HTTP status of the engine's answer; undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode
  return typeof status === 'number' ? status : undefined
}

/** In the engine's own words, bounded: parts of them come from images and registries. */
export function engineWords(error: unknown): string {
  const said = (error as { json?: { message?: unknown } } | null)?.json?.message
  const words = typeof said === 'string' ? said : reasonOf(error).replace(/^\(HTTP code \d+\) [^-]* - /, '')
  return words.trim().slice(0, mostWords)
}

export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404
}

/** Undefined for what nobody but the operator of the engine can mend. */
export function refusalOf(error: unknown, command: string | undefined): MachineRefusal | undefined {
  const words = engineWords(error)
  if (
    /executable file not found|no such file or directory.*(exec|container process)|exec.*no such file|permission denied.*exec|exec.*permission denied/i.test(
      words,
    )
  ) {
    const program =
      command === undefined ? "The image's own command" : `There is no program ${JSON.stringify(command)}: it`
    return { code: 'no-such-command', message: `${program} cannot be run in the image: ${words}` }
  }
  if (/could not select device driver|nvidia|unknown device|CDI/i.test(words)) {
    return {
      code: 'no-gpu',
      message: `The engine cannot give the machine its GPUs: ${words}. Install the NVIDIA Container Toolkit, and see that nvidia-smi lists them`,
    }
  }
  if (/no space left on device/i.test(words)) {
    return { code: 'no-room', message: `There is no room on the disk for the machine: ${words}` }
  }
  if (statusOf(error) === 400)
    return { code: 'bad-spec', message: `The engine does not take the machine: ${words}` }
  return undefined
}
