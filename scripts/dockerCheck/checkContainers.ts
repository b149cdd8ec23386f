// What a person does with compose.yaml, and what an operator would look at before he trusts it.
import { devnetPorts } from '../devnet/devnetPorts.ts'
import type { Engine } from './engine.ts'
import { importHostImage } from './hostImage.ts'

/** What Dockerfile builds on when nobody names another. */
const officialImage = 'node:20-bookworm-slim'
const hostImage = 'worldland-aa-host'
const project = 'worldland-aa-check'
/** By name, what has to answer. */
const daemons = ['paymaster', 'bundler'] as const

export async function checkContainers(engine: Engine, say: (line: string) => void): Promise<void> {
  const base = await baseImage(engine, say)
  const ports = await devnetPorts(0)
  const variables = {
    ...(base === undefined ? {} : { BUILD_IMAGE: base, RUN_IMAGE: base }),
    RPC_PORT: String(ports.node),
    BUNDLER_PORT: String(ports.bundler),
  }
  const compose = (...args: readonly string[]) =>
    engine.compose(['--project-name', project, ...args], variables)
  try {
    say('building the image')
    await compose('build')
    say('docker compose up')
    await compose('up', '--detach')
    say((await compose('run', '--rm', 'first-operation')).trim().replaceAll('\n', '\ndocker: '))
    for (const daemon of daemons) await checkDaemon(engine, compose, daemon, say)
  } catch (error) {
    say(await compose('logs', '--tail=20').catch(() => 'there are no logs'))
    throw error
  } finally {
    await compose('down', '--volumes', '--timeout', '20')
  }
}

/** Undefined where the official images are to be had. */
async function baseImage(engine: Engine, say: (line: string) => void): Promise<string | undefined> {
  if (!engine.isOwn) {
    const isThere = await engine.docker(['image', 'inspect', officialImage]).catch(() => undefined)
    if (isThere !== undefined || (await engine.docker(['pull', officialImage]).catch(() => undefined))) {
      return undefined
    }
  }
  say(`${officialImage} is not to be had: building on the packages of this machine instead`)
  await importHostImage(engine, hostImage)
  return hostImage
}

async function checkDaemon(
  engine: Engine,
  compose: (...args: readonly string[]) => Promise<string>,
  daemon: (typeof daemons)[number],
  say: (line: string) => void,
): Promise<void> {
  const id = (await compose('ps', '--quiet', daemon)).trim()
  const look = async (format: string) => (await engine.docker(['inspect', '--format', format, id])).trim()
  const expectations: readonly (readonly [what: string, seen: string, wanted: string])[] = [
    ['health', await look('{{.State.Health.Status}}'), 'healthy'],
    ['read-only root', await look('{{.HostConfig.ReadonlyRootfs}}'), 'true'],
    ['user', (await engine.docker(['exec', id, 'id', '-u'])).trim(), '1000'],
    ['exit code after SIGTERM', await exitCodeOfStop(engine, id, look), '0'],
  ]
  for (const [what, seen, wanted] of expectations) {
    if (seen !== wanted) throw new Error(`${daemon}: ${what} is ${seen} instead of ${wanted}`)
  }
  say(`${daemon} was healthy, runs as user 1000 on a read-only root, and stopped in order`)
}

async function exitCodeOfStop(
  engine: Engine,
  id: string,
  look: (format: string) => Promise<string>,
): Promise<string> {
  await engine.docker(['stop', '--time', '60', id])
  return await look('{{.State.ExitCode}}')
}
