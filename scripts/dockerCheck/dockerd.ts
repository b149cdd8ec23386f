// Debian's dockerd, started for a check or a test alone, and stopped with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { accept, type Result, refuse } from '@worldland-aa/service/result'

export type Dockerd = {
  readonly socketPath: string
  stop(): Promise<void>
}

const patienceSeconds = 60

/** Refused, with the reason, where it cannot run. */
export async function startDockerd(): Promise<Result<Dockerd>> {
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-dockerd-'))
  const socketPath = join(folder, 'docker.sock')
  const log = openSync(join(folder, 'dockerd.log'), 'a')
  const daemon = spawn(
    'dockerd',
    [
      ...['--host', `unix://${socketPath}`, '--data-root', join(folder, 'data')],
      ...['--exec-root', join(folder, 'run'), '--pidfile', join(folder, 'docker.pid')],
    ],
    { stdio: ['ignore', log, log] },
  )
  // Also when the check is broken off.
  const end = (): boolean => daemon.kill('SIGTERM')
  process.once('exit', end)
  const ended = new Promise<string>(resolve => {
    daemon.once('error', error => resolve(error.message))
    daemon.once('exit', code => resolve(`it ended with ${code}`))
  })
  async function stop(): Promise<void> {
    end()
    await ended
    process.removeListener('exit', end)
    rmSync(folder, { recursive: true, force: true })
  }
  for (const deadline = Date.now() + patienceSeconds * 1_000; Date.now() < deadline; ) {
    const reason = await Promise.race([ended, sleep(100)])
    if (typeof reason === 'string') {
      rmSync(folder, { recursive: true, force: true })
      return refuse({
        code: 69,
        message: `no engine answers, and dockerd cannot be started here: ${reason}`,
      })
    }
    if (await engineAnswers(socketPath)) return accept({ socketPath, stop })
  }
  await stop()
  return refuse({ code: 69, message: `dockerd did not answer within ${patienceSeconds} seconds` })
}

export function engineAnswers(socketPath: string): Promise<boolean> {
  return new Promise(resolve => {
    const asked = request({ socketPath, path: '/_ping', timeout: 10_000 }, answer => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => resolve(false))
    asked.end()
  })
}
