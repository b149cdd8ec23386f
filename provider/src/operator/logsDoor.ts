// `logs LEASE`: a Unix socket that only the daemon's own account can open. One line of JSON comes in; out come the lines of
// the machine, and go on coming while the other end listens.
import { once } from 'node:events'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { z } from 'zod'
import { machineKeyOf } from '../leases/machineSpec.ts'
import type { MachineDriver } from '../machines/machineDriver.ts'

export const logsPathOf = (controlPath: string): string => `${controlPath}.logs`

const mostBytes = 1_024
const mostConnections = 8
const patienceMilliseconds = 10_000
/** Linux takes 107 bytes, macOS 103. */
const longestPathBytes = 103

export const logsQuestion = z.strictObject({
  lease: z.string().regex(/^\d{1,15}$/),
  tailLines: z.number().int().min(0).max(100_000),
  isFollowing: z.boolean(),
})
export type LogsQuestion = z.infer<typeof logsQuestion>

export function createLogsDoor(options: {
  readonly path: string
  readonly driver: Pick<MachineDriver, 'find' | 'logs'>
  readonly logger: Logger
}): Part {
  const { path, driver, logger } = options
  const sockets = new Set<Socket>()
  let server: Server | undefined

  async function answer(socket: Socket, line: string): Promise<void> {
    const asked = readQuestion(line)
    if (asked === undefined) return void socket.end('no such question\n')
    const key = machineKeyOf(BigInt(asked.lease))
    if ((await driver.find(key)) === undefined) {
      return void socket.end(`There is no machine of lease ${asked.lease} here\n`)
    }
    const ended = new AbortController()
    socket.once('close', () => ended.abort())
    socket.setTimeout(0)
    const follow = asked.isFollowing
    await pipeline(driver.logs(key, { tailLines: asked.tailLines, follow, signal: ended.signal }), socket)
  }

  function converse(socket: Socket): void {
    sockets.add(socket)
    let text = ''
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(patienceMilliseconds, () => socket.destroy())
    socket.setEncoding('utf8')
    const listen = (chunk: string): void => {
      text += chunk
      if (text.length > mostBytes) socket.destroy()
      if (!text.includes('\n')) return
      socket.off('data', listen)
      socket.resume()
      answer(socket, text.slice(0, text.indexOf('\n'))).catch(error => {
        // Whoever stops listening in the middle has heard enough.
        if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE')
          logger.debug({ error }, 'logs could not be shown to their end')
        socket.destroy()
      })
    }
    socket.on('data', listen)
  }

  return {
    name: 'logs socket',
    async start() {
      if (Buffer.byteLength(path) > longestPathBytes) {
        throw new Error(
          `the logs socket ${path} has a longer path than the ${longestPathBytes} bytes that sockets may have: give a shorter one by --control-socket`,
        )
      }
      // Only who holds the data file's lock comes here: what lies there is of a process that is gone.
      rmSync(path, { force: true })
      const created = createServer(converse)
      created.maxConnections = mostConnections
      const mask = process.umask(0o177)
      try {
        created.listen(path)
        await once(created, 'listening')
      } finally {
        process.umask(mask)
      }
      chmodSync(path, 0o600)
      server = created
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => (server === undefined ? resolve() : server.close(() => resolve())))
    },
  }
}

function readQuestion(line: string): LogsQuestion | undefined {
  try {
    return logsQuestion.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
