import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { workspaceRoot } from '../workspaceRoot.ts'
import type { DevnetFile } from './startDevnet.ts'

const program = join(workspaceRoot, 'scripts', 'dist', 'devnet.js')

describe('the devnet command', () => {
  let folder: string
  let devnet: ChildProcess | undefined
  let said: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'devnet-'))
    said = ''
  })
  afterEach(async () => {
    if (devnet !== undefined && devnet.exitCode === null) {
      const ended = new Promise(resolve => devnet?.once('exit', resolve))
      devnet.kill('SIGTERM')
      await ended
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const run = (...flags: readonly string[]): Promise<number | null> => {
    const child = spawn(process.execPath, [program, '--data-directory', folder, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    devnet = child
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text))
    return new Promise(resolve => child.once('exit', resolve))
  }
  const up = async (): Promise<DevnetFile> => {
    await expect.poll(() => existsSync(join(folder, 'devnet.json')), { timeout: 60_000 }).toBe(true)
    return JSON.parse(readFileSync(join(folder, 'devnet.json'), 'utf8')) as DevnetFile
  }
  it('takes up the chain of the last run when asked to keep it', async () => {
    const first = run('--port-base', '0')
    const before = await up()
    devnet?.kill('SIGTERM')
    await first
    const second = run('--port-base', '0', '--keep')
    const after = await up()
    expect(after.contracts).toEqual(before.contracts)
    devnet?.kill('SIGTERM')
    expect(await second).toBe(0)
  })

  it('refuses a block time that is none, and says what one is', async () => {
    expect(await run('--block-time', 'fast')).toBe(78)
    expect(said).toContain(
      '--block-time must be a whole number of seconds from 1 to 3600, or pow, but is "fast"',
    )
  })
})
