// Images that nobody uses any more go, and no others: with a real engine, and a registry on the loopback.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import { createPulledImages } from '@worldland-aa/provider/machines/docker/pulledImages'
import type { MachineSpec } from '@worldland-aa/provider/machines/machineDriver'
import { accepted } from '@worldland-aa/provider/machines/testing/driverStage'
import { afterAll, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { startImageRegistry } from '../support/imageRegistry.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`images: ${engine}`)
else {
  const { docker } = engine
  const provider = '0x00000000000000000000000000000000000000b4'
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
  const machinesFolder = join(folder, 'machines')
  const registry = await startImageRegistry()
  const onTrouble = (error: unknown): void => console.error(error)
  const driver = createDockerDriver({ docker, provider, machinesFolder, onTrouble })
  const hourMilliseconds = 3_600_000
  let later = 0
  /** A later life of the daemon. */
  const pruned = (): Promise<number> =>
    createPulledImages({
      ...{ docker, onTrouble, idleMilliseconds: 24 * hourMilliseconds },
      file: `${machinesFolder}-images.json`,
      now: () => Date.now() + later,
    }).prune()

  afterAll(async () => {
    for (const { key } of await driver.list()) await driver.wipe(key)
    await driver.close()
    await registry.close()
    for (const { Id, RepoDigests } of await docker.listImages()) {
      const isOurs = (RepoDigests ?? []).some(name => name.startsWith(registry.host))
      if (isOurs) await docker.getImage(Id).remove({ force: true })
    }
    await engine.removeNetwork(provider)
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const spec = (image: string): MachineSpec => ({
    ...{ key: 'lease-1', owner: 'lease', image, isImageListed: true },
    ...{ environment: {}, ports: [], gpus: [] },
  })
  async function lies(name: string): Promise<boolean> {
    return await docker
      .getImage(name)
      .inspect()
      .then(
        () => true,
        () => false,
      )
  }

  it('an image goes when nobody has used it for so long, and not before, nor while a machine is of it', async () => {
    registry.push('idle', 'latest', 'idle')
    const image = `${registry.host}/idle:latest`
    accepted(await driver.start(spec(image)))
    later = 23 * hourMilliseconds
    expect([await pruned(), await lies(image)]).toEqual([0, true])
    later = 100 * hourMilliseconds
    expect([await pruned(), await lies(image)]).toEqual([0, true])
    await driver.wipe('lease-1')
    // The look before saw it in use.
    later = 123 * hourMilliseconds
    expect([await pruned(), await lies(image)]).toEqual([0, true])
    later = 200 * hourMilliseconds
    expect([await pruned(), await lies(image)]).toEqual([1, false])
    // Fetched anew for who asks for it.
    accepted(await driver.prepare(spec(image)))
    expect(await lies(image)).toBe(true)
  })

  it('what the operator fetched, or named himself, stays', async () => {
    const digest = registry.push('operators', 'latest', 'his own')
    const own = `${registry.host}/operators@${digest}`
    const pulling = await docker.pull(own)
    await new Promise(resolve => docker.modem.followProgress(pulling, resolve))
    accepted(await driver.prepare(spec(own)))
    registry.push('named', 'latest', 'named')
    const named = `${registry.host}/named:latest`
    accepted(await driver.prepare(spec(named)))
    await docker.getImage(named).tag({ repo: 'operators-name', tag: '1' })
    later = 500 * hourMilliseconds
    await pruned()
    expect([await lies(own), await lies(named), await lies('operators-name:1')]).toEqual([true, false, true])
    await docker.getImage('operators-name:1').remove()
  })

  it('a tag that means another image by now goes with that one', async () => {
    const before = registry.push('moving', 'latest', 'before')
    const image = `${registry.host}/moving:latest`
    accepted(await driver.prepare(spec(image)))
    later = 0
    registry.push('moving', 'latest', 'after')
    const next = createDockerDriver({ docker, provider, machinesFolder, onTrouble })
    accepted(await next.start(spec(image)))
    later = 600 * hourMilliseconds
    await pruned()
    expect(await lies(`${registry.host}/moving@${before}`)).toBe(false)
    expect(await lies(image)).toBe(true)
    await next.close()
  })
}
