// `npm run operate:check`: does what docs/operating.md says, to the letter, on a fresh chain in a folder of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devnetPorts } from './devnet/devnetPorts.ts'
import { readMetrics } from './monitoring/readMetrics.ts'
import { chapterScript } from './operateCheck/chapterScript.ts'
import { workspaceRoot } from './workspaceRoot.ts'

/** Shown only where bundlers take turns. */
const withRegistry = /^bundler_(promises|participation)_/

const ports = await devnetPorts(0)
const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-operate-'))
const script = chapterScript(readFileSync(join(workspaceRoot, 'docs/operating.md'), 'utf8'), {
  RPC_URL: `http://127.0.0.1:${ports.node}`,
  BUNDLER_PORT: String(ports.bundler),
  PAYMASTER_PORT: String(ports.paymaster),
  STATE: folder,
})
// A group of its own: what the chapter starts in the background ends with it, whatever happens.
const shell = spawn('bash', ['-c', script], {
  cwd: workspaceRoot,
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: true,
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shell.kill(signal))
const code = await new Promise<number | null>(resolve => shell.once('exit', resolve))
endGroup(shell.pid)
const missing = code === 0 ? missingMetrics(folder) : []
if (missing.length > 0) {
  process.stderr.write(`The dashboards show what no daemon has: ${missing.join(', ')}\n`)
  process.exitCode = 1
} else if (code === 0) {
  rmSync(folder, { recursive: true, force: true })
  process.stdout.write('docs/operating.md does what it says\n')
} else {
  process.stderr.write(`docs/operating.md failed with ${code}: keys, data and logs are in ${folder}\n`)
  process.exitCode = 1
}

/** What dashboards are made from, and the daemons did not answer. */
function missingMetrics(state: string): readonly string[] {
  // The chapter runs no provider: test/e2e/provider.test.ts holds its metrics against a running one.
  const { bundler, paymaster } = readMetrics()
  return Object.entries({ bundler, paymaster }).flatMap(([daemon, metrics]) => {
    const text = readFileSync(join(state, `${daemon}.metrics`), 'utf8')
    const served = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name)
    const listed = metrics.map(({ name }) => name)
    return listed.filter(name => !served.includes(name) && !withRegistry.test(name))
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM')
  } catch {
    // Nothing of it was left.
  }
}
