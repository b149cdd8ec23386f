import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
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
  const chainIdAt = async (url: string): Promise<string> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] })
    const headers = { 'content-type': 'application/json' }
    return ((await (await fetch(url, { method: 'POST', headers, body })).json()) as { result: string }).result
  }

  it('serves chain, bundler and paymaster, and stops all of them at SIGTERM', async () => {
    const ended = run('--port-base', '0')
    const file = await up()
    expect(file.chainId).toBe(103)
    for (const url of [file.rpcUrl, file.bundlerUrl, file.paymasterUrl])
      expect(await chainIdAt(url)).toBe('0x67')
    devnet?.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(processesOf(folder)).toEqual([])
    for (const url of [file.rpcUrl, file.bundlerUrl, file.paymasterUrl]) {
      await expect(fetch(url)).rejects.toThrow()
    }
    expect(existsSync(join(folder, 'devnet.json'))).toBe(false)
  })

  it('names a busy port and starts nothing', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    expect(await run('--port-base', String(port))).toBe(1)
    expect(said).toContain(`Port ${port} (for the node) is in use`)
    expect(processesOf(folder)).toEqual([])
    await new Promise(resolve => server.close(resolve))
  })

  it('says which part died, and stops the rest', async () => {
    const ended = run('--port-base', '0')
    await up()
    const bundler = processesOf(join(workspaceRoot, 'bundler', 'dist', 'main.js'), folder)
    process.kill(bundler[0] ?? 0, 'SIGKILL')
    expect(await ended).toBe(1)
    expect(said).toContain('The bundler ended by SIGKILL')
    expect(processesOf(folder)).toEqual([])
  })

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

/** Ids of running processes that have the text in their command line or the folder in their environment. */
function processesOf(text: string, environment?: string): number[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
  return lines
    .filter(line => line.includes(text) && (environment === undefined || line.includes(environment)))
    .map(line => Number.parseInt(line, 10))
    .filter(pid => pid !== process.pid)
}
