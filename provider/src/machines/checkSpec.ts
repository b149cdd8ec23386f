// What no driver starts, whatever engine it has: a key becomes the name of a folder and of a container, and the rest
// travels to programs that would make something else of it. Bounds come first.
import type { Outcome } from '../outcome.ts'
import type { MachineRefusal, MachineSpec } from './machineDriver.ts'

const mostVariables = 512
const mostEnvironmentBytes = 128 * 1024
const mostArguments = 256
const mostCommandBytes = 128 * 1024
const mostPorts = 32

export function isMachineKey(key: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(key)
}

export function checkSpec(spec: MachineSpec): Outcome<MachineSpec, MachineRefusal> {
  const problem =
    keyProblem(spec.key) ??
    environmentProblem(spec.environment) ??
    commandProblem(spec.command) ??
    portsProblem(spec.ports) ??
    limitsProblem(spec)
  return problem === undefined ? { ok: true, value: spec } : refuse('bad-spec', problem)
}

export function refuse(
  code: string,
  message: string,
): { readonly ok: false; readonly refusal: MachineRefusal } {
  return { ok: false, refusal: { code, message } }
}

function keyProblem(key: string): string | undefined {
  if (isMachineKey(key)) return undefined
  return `The machine's key ${JSON.stringify(key.slice(0, 80))} must be of lower-case letters, digits and "-", at most 63 of them`
}

export function environmentProblem(environment: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(environment)
  if (entries.length > mostVariables) {
    return `The environment has ${entries.length} variables; at most ${mostVariables} are taken`
  }
  let bytes = 0
  for (const [name, value] of entries) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(name)) {
      return `The environment has a variable ${JSON.stringify(name.slice(0, 80))}: a name is of letters, digits, "_", "." and "-", and begins with no digit`
    }
    if (value.includes('\0')) return `The variable ${name} holds a zero byte, which no environment can carry`
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value) + 2
  }
  if (bytes <= mostEnvironmentBytes) return undefined
  return `The environment takes ${bytes} bytes; at most ${mostEnvironmentBytes} are taken: hand over large values as files`
}

export function commandProblem(command: readonly string[] | undefined): string | undefined {
  if (command === undefined) return undefined
  const [program] = command
  if (program === undefined || program === '') return 'The command is empty: leave it out for the default one'
  if (command.length > mostArguments) {
    return `The command has ${command.length} words; at most ${mostArguments} are taken: put a script into the image`
  }
  if (command.some(word => word.includes('\0')))
    return 'The command holds a zero byte, which no program can be given'
  const bytes = command.reduce((sum, word) => sum + Buffer.byteLength(word) + 1, 0)
  if (bytes <= mostCommandBytes) return undefined
  return `The command takes ${bytes} bytes; at most ${mostCommandBytes} are taken: put a script into the image`
}

function portsProblem(ports: readonly number[]): string | undefined {
  if (ports.length > mostPorts)
    return `The machine asks for ${ports.length} ports; at most ${mostPorts} are given`
  const wrong = ports.find(port => !Number.isInteger(port) || port < 1 || port > 65_535)
  return wrong === undefined
    ? undefined
    : `The machine asks for port ${wrong}; ports are whole numbers from 1 to 65535`
}

function limitsProblem(spec: MachineSpec): string | undefined {
  for (const [name, value] of Object.entries({
    cpus: spec.cpus,
    memoryMiB: spec.memoryMiB,
    diskGiB: spec.diskGiB,
  })) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      return `The machine's ${name} is ${value}; it must be more than 0, or be left out for no bound`
    }
  }
  // A comma would name one GPU more, to the engine and to CUDA alike.
  const odd = spec.gpus.find(gpu => !/^[A-Za-z0-9][A-Za-z0-9:._/-]{0,127}$/.test(gpu))
  return odd === undefined
    ? undefined
    : `The machine asks for the GPU ${JSON.stringify(odd.slice(0, 80))}: give its UUID or index as nvidia-smi prints it`
}
