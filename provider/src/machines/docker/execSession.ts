// A command in a running container. The engine starts it and carries its bytes, but ends none: that is done by its mark.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type Duplex, PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { Outcome } from '../../outcome.ts'
import { refuse } from '../checkSpec.ts'
import type { MachineRefusal, MachineSession, OpenSession, TerminalSize } from '../machineDriver.ts'
import { workspaceInMachines } from './containerOptions.ts'
import { demultiplex } from './demultiplex.ts'
import { endMarked, markName } from './endMarked.ts'

const startPatienceMilliseconds = 10_000
const linesAtMost = 10_000
const notRun = [126, 127]
const endedByUs = 137

export async function openExec(
  container: Docker.Container,
  asked: OpenSession,
  onTrouble: (error: unknown) => void,
): Promise<Outcome<MachineSession, MachineRefusal>> {
  const { terminal } = asked
  const command = asked.command ?? ['/bin/sh']
  const mark = randomBytes(12).toString('hex')
  const environment = {
    ...(terminal !== undefined && { TERM: terminal.kind }),
    ...asked.environment,
    [markName]: mark,
  }
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: terminal !== undefined,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    WorkingDir: workspaceInMachines,
  })
  const stream = await exec.start({ hijack: true, stdin: true, Tty: terminal !== undefined })
  stream.pause()
  if (!(await hasBegun(exec))) {
    stream.destroy()
    return refuse(
      'no-such-command',
      `There is no program ${JSON.stringify(command[0])} in the machine, or it cannot be run`,
    )
  }
  if (terminal !== undefined) await resize(exec, terminal).catch(onTrouble)
  return {
    ok: true,
    value: sessionOf({ container, exec, stream, mark, terminal: terminal !== undefined, onTrouble }),
  }
}

function sessionOf(options: {
  readonly container: Docker.Container
  readonly exec: Docker.Exec
  readonly stream: Duplex
  readonly mark: string
  readonly terminal: boolean
  readonly onTrouble: (error: unknown) => void
}): MachineSession {
  const { container, exec, stream, mark, terminal, onTrouble } = options
  const output = new PassThrough()
  const errors = terminal ? undefined : new PassThrough()
  let isEnded = false
  let isOver = false
  // What goes wrong with the line ends the session: nobody could tell what else to do.
  stream.on('error', () => undefined)
  const carried = terminal ? carry(stream, output) : carryApart(stream, output, errors)
  const ended = carried.then(async () => {
    const code = isEnded ? endedByUs : await exitCodeOf(exec)
    isOver = true
    return code
  })
  return {
    input: stream,
    output,
    errors,
    resize(size) {
      if (terminal && !isOver) void resize(exec, size).catch(() => undefined)
    },
    ended,
    end() {
      if (isEnded || isOver) return
      isEnded = true
      void endMarked(container, mark)
        .catch(onTrouble)
        .finally(() => stream.destroy())
    },
  }
}

async function carry(stream: Duplex, output: PassThrough): Promise<void> {
  // Broken off: what came until then is what there is.
  await pipeline(stream, output).catch(() => output.end())
}

async function carryApart(
  stream: Duplex,
  output: PassThrough,
  errors: PassThrough | undefined,
): Promise<void> {
  try {
    for await (const { isError, bytes } of demultiplex(stream)) {
      await write(isError && errors !== undefined ? errors : output, bytes)
    }
  } catch {
    // Broken off: what came until then is what there is.
  }
  output.end()
  errors?.end()
}

/** As fast as it is read: what a machine prints must not pile up in the daemon. */
async function write(to: PassThrough, bytes: Uint8Array): Promise<void> {
  if (to.destroyed || to.write(bytes)) return
  const over = new AbortController()
  const { signal } = over
  await Promise.race([once(to, 'drain', { signal }), once(to, 'close', { signal })])
  over.abort()
}

async function hasBegun(exec: Docker.Exec): Promise<boolean> {
  for (const end = Date.now() + startPatienceMilliseconds; Date.now() < end; await sleep(5)) {
    const { Running, ExitCode, Pid } = await exec.inspect()
    if (ExitCode !== null) return Pid > 0 || !notRun.includes(ExitCode)
    if (Running && Pid > 0) return true
  }
  throw new Error(`the engine did not start a command within ${startPatienceMilliseconds} ms`)
}

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  for (const end = Date.now() + startPatienceMilliseconds; Date.now() < end; await sleep(10)) {
    const info = await exec.inspect().catch(() => undefined)
    // The container is gone, and the command with it.
    if (info === undefined) return endedByUs
    if (!info.Running) return info.ExitCode ?? endedByUs
  }
  return endedByUs
}

async function resize(exec: Docker.Exec, { columns, rows }: TerminalSize): Promise<void> {
  await exec.resize({ h: bounded(rows), w: bounded(columns) })
}

function bounded(count: number): number {
  return Number.isInteger(count) ? Math.min(Math.max(count, 1), linesAtMost) : 1
}
