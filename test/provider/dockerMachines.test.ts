import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { labels } from '@worldland-aa/provider/machines/docker/containerOptions'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import { duInContainer } from '@worldland-aa/provider/machines/docker/duInContainer'
import { emptyByEngine } from '@worldland-aa/provider/machines/docker/emptyByEngine'
import { endFromWithin, markName } from '@worldland-aa/provider/machines/docker/endMarked'
import { makeWorkspace, removeWorkspace } from '@worldland-aa/provider/machines/docker/workspaceFolder'
import type { MachineDriver } from '@worldland-aa/provider/machines/machineDriver'
import { describeDriver } from '@worldland-aa/provider/machines/testing/driverBehaviour'
import {
  accepted,
  type DriverStage,
  specOf,
  waitFor,
} from '@worldland-aa/provider/machines/testing/driverStage'
import { describeSessions } from '@worldland-aa/provider/machines/testing/sessionBehaviour'
import { afterAll, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'

const engine = await startContainerEngine()
const nobody = 65_534

if (typeof engine === 'string') describe.skip(`containers: ${engine}`)
else {
  const { docker } = engine
  const provider = '0x00000000000000000000000000000000000000a1'
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
  const image = await engine.shellImage()

  afterAll(async () => {
    await engine.removeNetwork(provider)
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const stage: DriverStage = {
    createDriver: (): MachineDriver =>
      createDockerDriver({
        ...{ docker, provider },
        machinesFolder: folder,
        onTrouble: error => console.error(error),
      }),
    image,
    serveHello: port => [
      '/bin/sh',
      '-c',
      `echo hello > /tmp/index.html; exec httpd -f -p "$PORT_${port}" -h /tmp`,
    ],
    async leftovers(machine) {
      const filters = { label: [`${labels.provider}=${provider}`, `${labels.machine}=${machine.key}`] }
      const containers = await docker.listContainers({ all: true, filters })
      const { Volumes } = await docker.listVolumes()
      const folders = [join(folder, machine.key), machine.workspace].filter(path => existsSync(path))
      return [...folders, ...containers.map(({ Id }) => Id), ...(Volumes ?? []).map(({ Name }) => Name)]
    },
    ownVariables: ['PATH', 'HOME', 'HOSTNAME', 'NVIDIA_VISIBLE_DEVICES'],
  }

  describeDriver('docker', () => stage)
  describeSessions('docker', () => stage)

  describe('where the daemon is not root', () => {
    it('a command is ended from within its container, and no other', async () => {
      const driver = stage.createDriver()
      accepted(await driver.start(specOf(stage, 'lease-20')))
      const container = docker.getContainer(`worldland-${provider}-lease-20`)
      for (const mark of ['first', 'second']) {
        const exec = await container.exec({ Cmd: ['sleep', '1000'], Env: [`${markName}=${mark}`] })
        await exec.start({ Detach: true })
      }
      const sleepers = async (): Promise<number> =>
        ((await container.top()).Processes as string[][]).filter(row => row.join(' ').includes('sleep 1000'))
          .length
      await waitFor('both', async () => ((await sleepers()) === 2 ? true : undefined))
      await endFromWithin(container, 'first')
      await waitFor('the end of one', async () => ((await sleepers()) === 1 ? true : undefined))
      await driver.wipe('lease-20')
      await driver.close()
    })

    it('what a machine closed to all is counted by the engine all the same (attack)', async () => {
      const workspace = mkdtempSync(join(folder, 'workspace-'))
      mkdirSync(join(workspace, 'shut'))
      writeFileSync(join(workspace, 'shut/large'), Buffer.alloc(3_000_000))
      chmodSync(join(workspace, 'shut'), 0)
      chmodSync(workspace, 0)
      const signal = AbortSignal.timeout(60_000)
      const bytes = await duInContainer(docker, workspace, { counted: 'bytes', signal })
      expect(Number.parseInt(bytes, 10)).toBeGreaterThanOrEqual(3_000_000)
      expect(await duInContainer(docker, workspace, { counted: 'files', signal })).toMatch(/^3\s/)
      const broken = duInContainer(docker, workspace, { counted: 'bytes', signal: AbortSignal.abort() })
      await expect(broken).rejects.toThrow('aborted')
      const left = await docker.listContainers({ all: true, filters: { ancestor: ['worldland-empty'] } })
      expect(left).toEqual([])
    })

    it('a workspace is emptied by the engine, hidden files and closed folders included', async () => {
      const workspace = mkdtempSync(join(folder, 'workspace-'))
      const outside = join(folder, 'outside')
      writeFileSync(outside, 'kept')
      for (const name of ['a', '.hidden', '..odd', '-rf', '*']) writeFileSync(join(workspace, name), name)
      mkdirSync(join(workspace, 'shut/in'), { recursive: true })
      symlinkSync(outside, join(workspace, 'link'))
      chmodSync(join(workspace, 'shut'), 0)
      await emptyByEngine({ docker, provider, key: 'lease-21', workspace })
      expect(readdirSync(workspace)).toEqual([])
      expect(existsSync(outside)).toBe(true)
    })

    it('what empties a workspace runs nothing of the renter, and replaces what a wipe left that was broken off', async () => {
      const workspace = mkdtempSync(join(folder, 'workspace-'))
      writeFileSync(join(workspace, 'a'), 'a')
      const former = { name: `worldland-wipe-${provider}-lease-22`, Image: image, Cmd: ['sleep', '1000'] }
      await (await docker.createContainer(former)).start()
      const events = (await docker.getEvents({ filters: { event: ['create'] } })) as Readable
      const done = emptyByEngine({ docker, provider, key: 'lease-22', workspace })
      const [event] = (await once(events, 'data')) as [Buffer]
      events.destroy()
      await done
      expect(JSON.parse(event.toString()).Actor.Attributes).toMatchObject({
        ...{ name: former.name, image: 'worldland-empty' },
        ...{ [labels.provider]: provider, [labels.wiped]: 'lease-22' },
      })
      expect(readdirSync(workspace)).toEqual([])
      await expect(docker.getContainer(former.name).inspect()).rejects.toThrow(/no such container/i)
    })

    it.skipIf(engine.socketPath === '/var/run/docker.sock' && process.getuid?.() === 0)(
      "what the container's root wrote and closed is deleted, whatever the renter's image holds (attack)",
      async () => {
        const machinesFolder = mkdtempSync(join(folder, 'unprivileged-'))
        const workspace = makeWorkspace(machinesFolder, specOf(stage, 'lease-23'))
        const closed = ['/bin/sh', '-c', 'mkdir -p a/b; touch a/b/c .d; chmod -R 0 a; chmod 0 .']
        const writer = await docker.createContainer({
          ...{ Image: image, Entrypoint: closed, WorkingDir: '/workspace' },
          HostConfig: { Mounts: [{ Type: 'bind', Source: workspace, Target: '/workspace' }] },
        })
        await writer.start()
        await writer.wait()
        await writer.remove({ v: true })
        const removal = { docker, provider, machinesFolder, key: 'lease-23' }
        await asNobody(
          [engine.socketPath, folder, machinesFolder, join(machinesFolder, 'lease-23')],
          async () => {
            await removeWorkspace(removal)
          },
        )
        expect(readdirSync(machinesFolder)).toEqual([])
      },
    )
  })
}

/** Root lays its rights down for it, and gives these paths away. */
async function asNobody(paths: readonly string[], work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return await work()
  for (const path of paths) chownSync(path, nobody, nobody)
  process.seteuid?.(nobody)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
    for (const path of paths) if (existsSync(path)) chownSync(path, 0, 0)
  }
}
