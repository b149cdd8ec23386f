// One session of an SSH client: a shell or a command in the machine, with or without a terminal, or files of its workspace.
import type { Readable } from 'node:stream'
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2'
import type { MachineDriver, MachineSession, TerminalSize } from '../../machines/machineDriver.ts'
import { joinSession } from '../machineShell.ts'
import { serveSftp } from '../sftp/serveSftp.ts'

export type SessionOptions = {
  readonly driver: Pick<MachineDriver, 'open' | 'find'>
  readonly machineKey: string
  /** Hears of what the peer sends into, so that it is bounded. */
  readonly onStream: (stream: Readable) => void
  /** Ends the whole connection: its peer does what no honest client does. */
  readonly onAbuse: () => void
  readonly onError: (error: unknown) => void
}

const mostColumns = 1_000
const mostVariables = 64
const mostValueCharacters = 4_096
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
const terminalKind = /^[A-Za-z0-9._+-]{1,64}$/
const endingSignals = new Set(['HUP', 'INT', 'KILL', 'QUIT', 'TERM'])

export function serveSession(session: Session, options: SessionOptions): void {
  const { driver, machineKey, onError } = options
  const environment: Record<string, string> = {}
  let terminal: (TerminalSize & { readonly kind: string }) | undefined
  let running: MachineSession | undefined

  async function run(channel: ServerChannel, command: readonly string[] | undefined): Promise<void> {
    let isGone = false
    options.onStream(channel)
    channel.on('error', () => undefined)
    channel.stderr.on('error', () => undefined)
    channel.once('close', () => {
      isGone = true
      running?.end()
    })
    const opened = await driver.open(machineKey, { command, terminal, environment })
    if (!opened.ok) return refuse(channel, opened.refusal.message)
    running = opened.value
    if (isGone) return running.end()
    const code = await joinSession(running, { input: channel, output: channel, errors: channel.stderr })
    if (isGone) return
    channel.exit(code)
    channel.end()
  }

  function start(channel: ServerChannel, command?: readonly string[]): void {
    run(channel, command).catch(error => {
      onError(error)
      refuse(channel, 'The machine cannot be entered now: try again later')
    })
  }

  session.on('pty', (accept, _reject, info) => {
    terminal = terminalOf(info)
    accept?.()
  })
  session.on('env', (accept, reject, { key, val }) => {
    const isRoom = Object.keys(environment).length < mostVariables
    if (!isRoom || !variableName.test(key) || val.length > mostValueCharacters) return reject?.()
    environment[key] = val
    accept?.()
  })
  session.on('window-change', (accept, _reject, info) => {
    running?.resize(sizeOf(info))
    accept?.()
  })
  session.on('signal', (accept, reject, { name }) => {
    if (!endingSignals.has(name.replace(/^SIG/, ''))) return reject?.()
    running?.end()
    accept?.()
  })
  session.on('shell', accept => start(accept()))
  session.on('exec', (accept, _reject, { command }) => start(accept(), ['/bin/sh', '-c', command]))
  session.on('sftp', accept => {
    serveSftp(accept(), {
      workspace: async () => (await driver.find(machineKey))?.workspace,
      onAbuse: options.onAbuse,
      onError,
    })
  })
}

function terminalOf(info: PseudoTtyInfo) {
  // Its declaration leaves out what every client sends.
  const { term } = info as PseudoTtyInfo & { readonly term?: string }
  return { ...sizeOf(info), kind: term !== undefined && terminalKind.test(term) ? term : 'xterm' }
}

function sizeOf({ cols, rows }: { readonly cols: number; readonly rows: number }): TerminalSize {
  const bounded = (count: number, usual: number) => Math.min(count > 0 ? count : usual, mostColumns)
  return { columns: bounded(cols, 80), rows: bounded(rows, 24) }
}

function refuse(channel: ServerChannel, message: string): void {
  channel.stderr.write(`${message}\r\n`)
  channel.exit(1)
  channel.end()
}
