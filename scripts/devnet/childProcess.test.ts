import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../workspaceRoot.ts'
import { startChild } from './childProcess.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'

const sleeper = ['-e', 'setInterval(() => {}, 1000)']
const deaf = ['-e', "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"]

describe('a process of the devnet', () => {
  let folder: string
  let watchdog: Watchdog
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'child-'))
    watchdog = startWatchdog()
  })
  afterAll(async () => {
    await watchdog.stop()
    rmSync(folder, { recursive: true })
  })
  const start = (args: readonly string[], command = process.execPath) =>
    startChild({ name: 'thing', command, args, logFile: join(folder, 'thing.log'), watchdog })

  it('is refused with a remedy when its program is missing', async () => {
    await expect(start([], '/nowhere/anvil')).rejects.toThrow(
      'The thing could not be started: /nowhere/anvil is missing: run npm run setup',
    )
  })

  it('says how it ended and what it said last', async () => {
    const child = await start(['-e', "console.error('out of luck'); process.exit(3)"])
    expect(await child.ended).toMatch(/The thing ended with exit code 3.*\n {2}out of luck/s)
  })

  it('ends when it is asked to', async () => {
    const child = await start(sleeper)
    await child.stop()
    expect(await child.ended).toContain('by SIGTERM')
  })

  it('is ended by force when it does not listen', async () => {
    const logFile = join(folder, 'deaf.log')
    const child = await startChild({
      name: 'thing',
      command: process.execPath,
      args: deaf,
      logFile,
      watchdog,
      graceMilliseconds: 300,
    })
    await expect.poll(() => readFileSync(logFile, 'utf8')).toContain('up')
    await child.stop()
    expect(await child.ended).toContain('by SIGKILL')
  })

  it('does not outlive a devnet that is killed outright', async () => {
    const devnet = startDevnetLike(folder)
    const pid = await printedPid(devnet)
    expect(isAlive(pid)).toBe(true)
    devnet.kill('SIGKILL')
    await expect.poll(() => isAlive(pid)).toBe(false)
  })
})

/** A process that starts a child as the devnet does, prints the child's id, and does nothing more. */
function startDevnetLike(folder: string): ChildProcess {
  const module = (name: string) =>
    JSON.stringify(pathToFileURL(join(workspaceRoot, 'scripts', 'dist', 'devnet', name)).href)
  const program = `
    const { startChild } = await import(${module('childProcess.js')})
    const { startWatchdog } = await import(${module('watchdog.js')})
    await startChild({
      name: 'thing',
      command: process.execPath,
      args: ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'],
      logFile: ${JSON.stringify(join(folder, 'orphan.log'))},
      watchdog: startWatchdog(),
    })
    const { readFileSync } = await import('node:fs')
    const look = setInterval(() => {
      const pid = readFileSync(${JSON.stringify(join(folder, 'orphan.log'))}, 'utf8')
      if (pid === '') return
      clearInterval(look)
      console.log(pid)
    }, 20)
    setInterval(() => {}, 1000)
  `
  return spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function printedPid(child: ChildProcess): Promise<number> {
  return await new Promise(resolve => child.stdout?.once('data', (text: Buffer) => resolve(Number(text))))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
