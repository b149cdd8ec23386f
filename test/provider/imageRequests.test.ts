// Which image a request means, with a real engine and a registry on the loopback.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDockerDriver } from '@worldland-aa/provider/machines/docker/dockerDriver'
import type { MachineDriver, MachineSpec } from '@worldland-aa/provider/machines/machineDriver'
import { accepted, textOf, waitFor } from '@worldland-aa/provider/machines/testing/driverStage'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { startContainerEngine } from '../support/containerEngine.ts'
import { startImageRegistry } from '../support/imageRegistry.ts'

const engine = await startContainerEngine()

if (typeof engine === 'string') describe.skip(`images: ${engine}`)
else {
  const { docker } = engine
  const provider = '0x00000000000000000000000000000000000000a5'
  const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
  const registry = await startImageRegistry()
  const used: MachineDriver[] = []

  /** Another life of the daemon, which remembers no answer of a registry. */
  function driverOf(defaultImage?: string): MachineDriver {
    const driver = createDockerDriver({
      ...{ docker, provider, machinesFolder: folder, defaultImage },
      onTrouble: error => console.error(error),
    })
    used.push(driver)
    return driver
  }

  afterEach(async () => {
    const cleaner = driverOf()
    for (const { key } of await cleaner.list()) await cleaner.wipe(key)
    for (const driver of used.splice(0)) await driver.close()
  })

  afterAll(async () => {
    await registry.close()
    for (const { Id, RepoDigests } of await docker.listImages()) {
      const isOurs = (RepoDigests ?? []).some(name => name.startsWith(registry.host))
      if (isOurs) await docker.getImage(Id).remove({ force: true })
    }
    await engine.removeNetwork(provider)
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const spec = (image: string | undefined, login?: MachineSpec['registryLogin']): MachineSpec => ({
    ...{ key: 'lease-1', owner: 'lease', image, registryLogin: login, isImageListed: true },
    ...{ environment: {}, ports: [], gpus: [] },
  })
  const saidBy = (driver: MachineDriver): Promise<string> =>
    waitFor('its first word', async () => {
      return (await textOf(driver.logs('lease-1', { tailLines: 1 }))) || undefined
    })

  describe('a request for an image', () => {
    it('by digest runs that content, fetched once', async () => {
      const digest = registry.push('model', 'one', 'first')
      registry.push('model', 'one', 'second')
      const asked = spec(`${registry.host}/model@${digest}`)
      const driver = driverOf()
      expect(accepted(await driver.prepare(asked)).imageDigest).toBe(digest)
      const served = registry.served()
      expect(served).toBeGreaterThan(0)
      expect(accepted(await driver.start(asked)).imageDigest).toBe(digest)
      expect(await saidBy(driver)).toBe('first\n')
      accepted(await driverOf().prepare(asked))
      expect(registry.served()).toBe(served)
    })

    it('by tag runs what the tag means now, and says which content that is', async () => {
      const before = registry.push('tool', 'latest', 'old')
      const asked = spec(`${registry.host}/tool:latest`)
      const first = driverOf()
      expect(accepted(await first.start(asked)).imageDigest).toBe(before)
      await first.wipe('lease-1')
      const after = registry.push('tool', 'latest', 'new')
      const next = driverOf()
      expect(accepted(await next.start(asked)).imageDigest).toBe(after)
      expect(await saidBy(next)).toBe('new\n')
    })

    it('behind a login is given to who has it alone, also once it lies here (attack)', async () => {
      const login = { username: 'owner', password: 'a password of its own' }
      const closed = await startImageRegistry({ login })
      const digest = closed.push('private', 'latest', 'private')
      const name = `${closed.host}/private@${digest}`
      const wrong = await driverOf().prepare(spec(name, { ...login, password: 'another' }))
      expect(wrong).toMatchObject({ ok: false, refusal: { code: 'no-such-image' } })
      expect(JSON.stringify(wrong)).not.toContain('another')
      expect(accepted(await driverOf().prepare(spec(name, login))).imageDigest).toBe(digest)
      for (const stranger of [undefined, { ...login, password: 'another' }]) {
        const refused = await driverOf().start(spec(name, stranger))
        expect(refused).toMatchObject({ ok: false, refusal: { message: expect.stringContaining('login') } })
      }
      const { Id } = await docker.getImage(name).inspect()
      expect(await driverOf().start(spec(Id))).toMatchObject({ ok: false })
      const driver = driverOf()
      accepted(await driver.start(spec(name, login)))
      expect(await saidBy(driver)).toBe('private\n')
      // Where whoever may list containers would read it.
      const info = await docker.getContainer(`worldland-${provider}-lease-1`).inspect()
      expect(JSON.stringify(info)).not.toContain(login.password)
      // Its login may run out meanwhile: what was given is not taken back.
      await driver.stop('lease-1', 0)
      const expired = spec(name, { ...login, password: 'another' })
      const later = driverOf()
      expect(accepted(await later.prepare(expired)).imageDigest).toBe(digest)
      expect(accepted(await later.start(expired)).state).toBe('running')
      await driver.wipe('lease-1')
      await closed.close()
      await docker.getImage(name).remove({ force: true })
    })

    it('makes this host ask nobody within its own network, unless its operator named it (attack)', async () => {
      registry.push('inward', 'latest', 'inward')
      const before = registry.heard()
      const named = spec(`${registry.host}/inward:latest`)
      const driver = driverOf()
      for (const image of [
        named.image,
        'localhost:5000/x',
        '10.0.0.5:5000/app',
        'Registry/app',
        '127.1:80/x',
      ]) {
        const refused = await driver.prepare({ ...named, image, isImageListed: false })
        expect(refused).toMatchObject({ refusal: { message: expect.stringContaining('own network') } })
      }
      expect(registry.heard()).toBe(before)
      accepted(await driver.prepare(named))
      // What the operator was given is not remembered for others.
      expect(await driver.prepare({ ...named, isImageListed: false })).toMatchObject({ ok: false })
    })

    it('for one that was made here is for whom the operator names it (attack)', async () => {
      const made = spec('worldland-test/own:1')
      await docker.getImage(await engine.shellImage()).tag({ repo: 'worldland-test/own', tag: '1' })
      for (const image of [made.image, await engine.shellImage()]) {
        const refused = await driverOf().prepare({ ...made, image, isImageListed: false })
        expect(refused).toMatchObject({
          refusal: { message: expect.stringContaining('made on this provider') },
        })
      }
      accepted(await driverOf().prepare(made))
      accepted(await driverOf(made.image).prepare({ ...spec(undefined), isImageListed: false }))
      await docker.getImage('worldland-test/own:1').remove()
    })

    it('that its registry does not know is refused in a sentence', async () => {
      const refused = await driverOf().prepare(spec(`${registry.host}/model:never`))
      expect(refused).toMatchObject({
        ok: false,
        refusal: { code: 'no-such-image', message: expect.stringContaining('model:never cannot be fetched') },
      })
    })

    it('is served by what lies here while its registry is away', async () => {
      const passing = await startImageRegistry()
      const digest = passing.push('away', 'latest', 'here')
      const asked = spec(`${passing.host}/away:latest`)
      accepted(await driverOf().prepare(asked))
      await passing.close()
      expect(accepted(await driverOf().prepare(asked)).imageDigest).toBe(digest)
      expect(await driverOf().prepare(spec(`${passing.host}/away:other`))).toMatchObject({ ok: false })
      await docker.getImage(`${passing.host}/away:latest`).remove({ force: true })
    })

    it('that names none means the one of the provider, or is refused', async () => {
      expect(await driverOf().prepare(spec(undefined))).toMatchObject({ refusal: { code: 'no-image' } })
      const digest = registry.push('default', 'latest', 'default')
      const driver = driverOf(`${registry.host}/default:latest`)
      expect(accepted(await driver.prepare(spec(undefined))).imageDigest).toBe(digest)
    })
  })
}
