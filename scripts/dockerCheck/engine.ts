// A container engine: the one that answers, or Debian's dockerd, started for this check alone and stopped with it.
import { spawn, spawnSync } from 'node:child_process'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { startDockerd } from './dockerd.ts'

export type Engine = {
  /** True when it was started here: it knows no images, and may have no registry. */
  readonly isOwn: boolean
  /** Returns what the command prints; throws with its last words when it fails. */
  docker(args: readonly string[]): Promise<string>
  compose(args: readonly string[], variables?: Readonly<Record<string, string>>): Promise<string>
  stop(): Promise<void>
}

/** Refused, with the reason, where none can be had. */
export async function findEngine(environment: NodeJS.ProcessEnv): Promise<Result<Engine>> {
  if (spawnSync('docker', ['--version']).error !== undefined) {
    return refuse({ code: 69, message: 'there is no docker command' })
  }
  const composer = composeCommand(environment)
  if (composer === undefined) {
    return refuse({ code: 69, message: 'there is neither docker compose nor docker-compose' })
  }
  if (answers(environment)) return accept(engineOf({ environment, composer, isOwn: false }))
  return await startEngine(environment, composer)
}

async function startEngine(
  environment: NodeJS.ProcessEnv,
  composer: readonly string[],
): Promise<Result<Engine>> {
  const started = await startDockerd()
  if (!started.ok) return started
  const { socketPath, stop } = started.value
  const own = { ...environment, DOCKER_HOST: `unix://${socketPath}` }
  return accept({ ...engineOf({ environment: own, composer, isOwn: true }), stop })
}

function engineOf(options: {
  readonly environment: NodeJS.ProcessEnv
  readonly composer: readonly string[]
  readonly isOwn: boolean
}): Engine {
  const { environment, composer, isOwn } = options
  const [command = '', ...first] = composer
  return {
    isOwn,
    docker: args => run('docker', args, environment),
    compose: (args, variables) => run(command, [...first, ...args], { ...environment, ...variables }),
    async stop() {},
  }
}

function answers(environment: NodeJS.ProcessEnv): boolean {
  return spawnSync('docker', ['info'], { env: environment, stdio: 'ignore', timeout: 10_000 }).status === 0
}

/** The plugin of today, or the command of Debian's package. */
function composeCommand(environment: NodeJS.ProcessEnv): readonly string[] | undefined {
  const candidates = [['docker', 'compose'], ['docker-compose']]
  return candidates.find(
    ([command = '', ...args]) =>
      spawnSync(command, [...args, 'version'], { env: environment, stdio: 'ignore' }).status === 0,
  )
}

async function run(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(command, [...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
    said += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return printed
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.slice(-4_000)}`)
}
