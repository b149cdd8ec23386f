// Runs a program to its end, and fails with what it said when it fails.
import { spawn, spawnSync } from 'node:child_process'

export type Program = {
  readonly command: string
  readonly args: readonly string[]
  readonly folder: string
}

/** What it wrote to stdout. */
export function runProgram({ command, args, folder }: Program): string {
  const { status, error, stdout, stderr } = spawnSync(command, [...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (error === undefined && status === 0) return stdout
  throw failure({ command, args, folder }, `${error?.message ?? ''}${stdout}${stderr}`)
}

/** The same while this process goes on serving: as long as a devnet runs in it. */
export async function runProgramBeside({ command, args, folder }: Program): Promise<string> {
  const child = spawn(command, [...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let all = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
    all += chunk
  })
  child.stderr.on('data', chunk => {
    all += chunk
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return stdout
  throw failure({ command, args, folder }, all)
}

function failure({ command, args, folder }: Program, output: string): Error {
  return new Error(`${[command, ...args].join(' ')} failed in ${folder}:\n${output.slice(-6_000)}`)
}
