// Machines on a real engine that fails or hangs for some calls, or lost what was under way.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectEngine } from '@worldland-aa/provider/machines/docker/connectEngine'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import type { MachineDriver, MachineSpec } from '@worldland-aa/provider/machines/machineDriver'
import { accepted } from '@worldland-aa/provider/machines/testing/driverStage'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { type EngineVerdict, startEngineProxy } from '../support/engineProxy.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`an engine in trouble: ${engine}`)
else {
  const provider = '0x00000000000000000000000000000000000000a7'
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
  const image = await engine.shellImage()
  let judge: (call: string) => EngineVerdict = () => 'pass'
  const proxy = await startEngineProxy({
    ...{ engineSocket: engine.socketPath, folder },
    judge: call => judge(call),
  })
  const driverIn = (machinesFolder: string): MachineDriver =>
    createDockerDriver({
      ...{ docker: connectEngine(proxy.socketPath), provider, machinesFolder },
      onTrouble: error => console.error(error),
    })
  const machinesFolder = join(folder, 'machines')
  const driver = driverIn(machinesFolder)
  const spec = (key: string): MachineSpec => ({
    ...{ key, owner: 'lease', image, isImageListed: true },
    ...{ environment: {}, ports: [], gpus: [] },
  })

  afterEach(async () => {
    judge = () => 'pass'
    for (const { key } of await driver.list()) await driver.wipe(key)
  })

  afterAll(async () => {
    await driver.close()
    await proxy.stop()
    await engine.removeNetwork(provider)
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  describe('a container that was made and not begun', () => {
    it('is told as one that does not run, and is begun by the next start', async () => {
      judge = call => (/^POST .*\/start/.test(call) ? 'fail' : 'pass')
      await expect(driver.start(spec('lease-1'))).rejects.toThrow(/out of order/)
      judge = () => 'pass'
      const left = await driver.find('lease-1')
      expect(left?.state).toBe('exited')
      expect(left).not.toHaveProperty('exitCode')
      expect(await driver.list()).toEqual([{ key: 'lease-1', owner: 'lease', state: 'exited' }])
      expect(accepted(await driver.start(spec('lease-1'))).state).toBe('running')
    })
  })

  describe('a container that the engine cannot be asked about', () => {
    it('hides no other machine, and is listed itself', async () => {
      accepted(await driver.start(spec('lease-2')))
      accepted(await driver.start({ ...spec('worker-3'), owner: 'worker' }))
      await driver.freeze('worker-3')
      judge = call => (/^GET .*\/containers\/[^/]+\/json/.test(call) ? 'hang' : 'pass')
      const listed = [...(await driver.list())].sort((left, right) => left.key.localeCompare(right.key))
      expect(listed).toEqual([
        { key: 'lease-2', owner: 'lease', state: 'running' },
        { key: 'worker-3', owner: 'worker', state: 'frozen' },
      ])
    })
  })

  describe('a disk that is full', () => {
    const full = join(folder, 'full')
    mkdirSync(full)
    const asRoot = (script: string): boolean =>
      spawnSync('/bin/sh', ['-c', script], { cwd: full }).status === 0
    const isMounted = asRoot(`mount -t tmpfs -o size=64k worldland-aa-full ${full}`)
    afterAll(() => {
      if (isMounted) asRoot(`cd / && umount ${full}`)
    })

    it.skipIf(!isMounted)('is said in a sentence, and no half of a machine is left', async () => {
      asRoot('cat /dev/zero > filling')
      const other = driverIn(join(full, 'machines'))
      expect(await other.start(spec('lease-4'))).toMatchObject({
        ok: false,
        refusal: { code: 'no-room', message: expect.stringMatching(/no room on the disk/) },
      })
      expect(readdirSync(join(full, 'machines'))).toEqual([])
      rmSync(join(full, 'filling'))
      expect(accepted(await other.start(spec('lease-4'))).state).toBe('running')
      await other.wipe('lease-4')
      await other.close()
    })
  })

  describe('the record of a machine that cannot be read', () => {
    it.each(['', '{"owner":', '{"owner":"nobody"}'])(
      'hides no machine, and tells whose by its key: %s',
      async text => {
        for (const key of ['lease-5', 'worker-5']) {
          mkdirSync(join(machinesFolder, key, 'workspace'), { recursive: true })
          writeFileSync(join(machinesFolder, key, 'docker.json'), text)
        }
        const listed = [...(await driver.list())].sort((left, right) => left.key.localeCompare(right.key))
        expect(listed).toMatchObject([
          { key: 'lease-5', owner: 'lease', state: 'exited' },
          { key: 'worker-5', owner: 'worker', state: 'exited' },
        ])
        for (const { key } of listed) await driver.wipe(key)
        expect(await driver.list()).toEqual([])
      },
    )
  })
}
