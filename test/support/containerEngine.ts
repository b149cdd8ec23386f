// A container engine for tests: the one that answers at its usual place, or Debian's dockerd, started for the test file.
// Nothing is pulled: images are made of what this machine has. Skipped in a plain word where there is no engine.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectEngine } from '@worldland-aa/provider/machines/docker/connectEngine'
import { guardRules } from '@worldland-aa/provider/machines/docker/hostGuard'
import { ensureNetwork } from '@worldland-aa/provider/machines/docker/machineNetwork'
import { engineAnswers, startDockerd } from '../../scripts/dockerCheck/dockerd.ts'
import { hasBusybox, type ImageFiles, packBusybox, packPython } from './imageFiles.ts'

type Engine = ReturnType<typeof connectEngine>

export type ContainerEngine = {
  readonly socketPath: string
  readonly docker: Engine
  /** Has `/bin/sh` and all else of busybox. Its id, as `sha256:…`. */
  shellImage(): Promise<string>
  /** This machine's Python with these site packages on its path (`pip install --target`), and busybox. Its id. */
  pythonImage(sitePackages: string): Promise<string>
  /** Of a provider whose machines are gone: with its rules in this host's firewall. */
  removeNetwork(provider: string): Promise<void>
  stop(): Promise<void>
}

const usualSocket = '/var/run/docker.sock'
/** Of this machine, whatever folder a run writes to: two engines would take each other's firewall rules away. */
const lockFolder = '/tmp/worldland-aa-dockerd.lock'

/** Or the reason why there is none here. */
export async function startContainerEngine(): Promise<ContainerEngine | string> {
  if (!hasBusybox()) return 'there is no busybox to make images of: apt-get install busybox-static'
  if (await engineAnswers(usualSocket))
    return engineAt({ socketPath: usualSocket, isOwn: false, async stop() {} })
  if (process.getuid?.() !== 0) return 'no container engine answers, and only root can start one'
  await lock()
  const started = await startDockerd()
  if (!started.ok) {
    unlock()
    return started.refusal.message
  }
  return engineAt({
    socketPath: started.value.socketPath,
    isOwn: true,
    async stop() {
      await started.value.stop()
      unlock()
    },
  })
}

function engineAt(options: {
  readonly socketPath: string
  readonly isOwn: boolean
  stop(): Promise<void>
}): ContainerEngine {
  const { socketPath, isOwn, stop } = options
  const docker = connectEngine(socketPath)
  const made = new Map<string, Promise<string>>()
  const once = (name: string, pack: () => ImageFiles): Promise<string> => {
    const image = made.get(name) ?? importImage(docker, pack())
    made.set(name, image)
    return image
  }
  return {
    socketPath,
    docker,
    shellImage: () => once('shell', packBusybox),
    pythonImage: sitePackages => once(sitePackages, () => packPython(sitePackages)),
    async removeNetwork(provider) {
      const { name, bridge } = await ensureNetwork(docker, provider)
      await docker.getNetwork(name).remove()
      if (process.getuid?.() === 0) removeGuard(bridge)
    },
    async stop() {
      if (!isOwn) for (const image of await Promise.all(made.values())) await removeImage(docker, image)
      await stop()
    },
  }
}

/** As an operator does who gives the host back (provider/docs/machines.md). */
function removeGuard(bridge: string): void {
  const { input, forward } = guardRules({ name: '', bridge, gateway: '' }, [])
  const script = `iptables -D INPUT -i ${bridge} -j ${input}
    iptables -D DOCKER-USER -i ${bridge} -j ${forward}
    for chain in ${input} ${forward}; do iptables -F $chain; iptables -X $chain; done`
  execFileSync('/bin/sh', ['-ec', script])
}

async function removeImage(docker: Engine, image: string): Promise<void> {
  await docker.getImage(image).remove({ force: true })
}

async function importImage(docker: Engine, files: ImageFiles): Promise<string> {
  try {
    const changes = Object.entries(files.environment).map(([name, value]) => `ENV ${name}=${value}`)
    const progress = await docker.importImage(files.archive, { changes })
    const said = await new Promise<readonly { status?: string }[]>((resolve, reject) => {
      docker.modem.followProgress(progress, (error, events) => (error ? reject(error) : resolve(events)))
    })
    const id = said.findLast(({ status }) => status?.startsWith('sha256:'))?.status
    if (id === undefined) throw new Error(`the engine took no image: ${JSON.stringify(said)}`)
    return id
  } finally {
    files.remove()
  }
}

/** Waits for another test file's engine; a lock that a test left behind when it was killed is taken over. */
async function lock(): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lockFolder)
      writeFileSync(join(lockFolder, 'pid'), String(process.pid))
      process.once('exit', unlock)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (!isHeld()) unlock()
    await sleep(200)
  }
}

function isHeld(): boolean {
  const pid = readPid()
  // Just made: its owner is about to write.
  if (pid === undefined)
    return Date.now() - (statSync(lockFolder, { throwIfNoEntry: false })?.mtimeMs ?? 0) < 5_000
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false }) !== undefined
}

function readPid(): string | undefined {
  try {
    return readFileSync(join(lockFolder, 'pid'), 'utf8')
  } catch {
    return undefined
  }
}

function unlock(): void {
  process.removeListener('exit', unlock)
  rmSync(lockFolder, { recursive: true, force: true })
}
