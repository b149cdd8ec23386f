// Images that would not end: a registry decides how long it takes to give one, and its owner how large it is. With a real
// engine and a registry that gives one byte after another.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskReserve } from '@worldland-aa/provider/machines/docker/diskReserve'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import { pullImage } from '@worldland-aa/provider/machines/docker/pullImage'
import { defaultPullBounds } from '@worldland-aa/provider/machines/docker/pullWatch'
import { waitFor } from '@worldland-aa/provider/machines/testing/driverStage'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { startImageRegistry } from '../support/imageRegistry.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`images without an end: ${engine}`)
else {
  const { docker } = engine
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
  const registry = await startImageRegistry({ trickles: true })
  registry.push('endless', 'latest', 'never')
  const image = `${registry.host}/endless:latest`
  const noReserve = { shortage: async () => undefined }
  const isUnderWay = (): Promise<true> =>
    waitFor('the layer', async () => (registry.underWay() > 0 ? true : undefined))

  afterEach(() =>
    waitFor('the engine to give it up', async () => (registry.underWay() === 0 ? true : undefined)),
  )

  afterAll(async () => {
    await registry.close()
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  describe('the fetching of an image', () => {
    it('is broken off when nobody waits for it any more', async () => {
      const driver = createDockerDriver({
        ...{ docker, machinesFolder: folder, provider: '0x00000000000000000000000000000000000000a9' },
        defaultImage: image,
        onTrouble: error => console.error(error),
      })
      const ended = new AbortController()
      const asked = { key: 'lease-1', owner: 'lease', environment: {}, ports: [], gpus: [] } as const
      const prepared = driver.prepare(asked, ended.signal)
      await isUnderWay()
      ended.abort()
      expect(await prepared).toMatchObject({ ok: false, refusal: { code: 'ended' } })
      await driver.close()
    })

    it('is broken off when its registry takes for ever, though it is never silent (attack)', async () => {
      const bounds = { ...defaultPullBounds, longestMilliseconds: 2_000 }
      const pulled = await pullImage(docker, { image, login: undefined, reserve: noReserve, bounds })
      expect(pulled).toMatchObject({ refusal: { message: expect.stringContaining('takes too long') } })
    })

    it('is broken off when it takes the room that is kept free (attack)', async () => {
      const reserve = {
        shortage: async () => (registry.underWay() > 0 ? '1.0 GiB are free, and 10 GiB are kept' : undefined),
      }
      const bounds = { ...defaultPullBounds, diskLookMilliseconds: 50 }
      const pulled = await pullImage(docker, { image, login: undefined, reserve, bounds })
      expect(pulled).toMatchObject({
        refusal: { code: 'no-room', message: expect.stringContaining('1.0 GiB') },
      })
    })

    it('is not begun where the disk has no more than that room', async () => {
      const before = registry.served()
      const reserve = createDiskReserve({ docker, machinesFolder: folder, reserveGiB: 1_000_000 })
      const pulled = await pullImage(docker, { image, login: undefined, reserve })
      expect(pulled).toMatchObject({
        refusal: { code: 'no-room', message: expect.stringContaining('--disk-reserve-gib') },
      })
      expect(registry.served()).toBe(before)
    })
  })
}
