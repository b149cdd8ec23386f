import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chooseDriver, type DriverChoice } from './chooseDriver.ts'
import { accepted } from './testing/driverStage.ts'

describe('the choice of machines', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'worldland-aa-choice-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const said: string[] = []
  const choice = (
    wanted: DriverChoice['wanted'],
    engineSocket = join(folder, 'none.sock'),
  ): DriverChoice => ({
    ...{
      wanted,
      engineSocket,
      dataFolder: folder,
      defaultImage: undefined,
      diskReserveGiB: 0,
      imageIdleHours: 0,
    },
    provider: '0x00000000000000000000000000000000000000a4',
    logger: pino({ level: 'info' }, { write: (line: string) => void said.push(line) }),
  })

  it('takes plain processes where no engine answers, and says that nothing keeps them from the host', async () => {
    const driver = accepted(await chooseDriver(choice('auto')))
    expect(driver).toMatchObject({ name: 'process', isIsolated: false })
    expect(said.join()).toMatch(/no container engine answers .*none\.sock/)
    expect(said.join()).toMatch(/nothing keeps from this host/)
    await driver.close()
  })

  it('refuses containers that were asked for where no engine answers', async () => {
    expect(await chooseDriver(choice('docker'))).toMatchObject({
      ok: false,
      refusal: {
        code: 'no-engine',
        message: expect.stringMatching(/--driver docker is set.*--engine-socket/),
      },
    })
  })

  it('does not serve as a plain process what an earlier life of the daemon served as a container', async () => {
    mkdirSync(join(folder, 'machines/lease-1/workspace'), { recursive: true })
    const record = JSON.stringify({ owner: 'lease', madeAtMilliseconds: 1 })
    writeFileSync(join(folder, 'machines/lease-1/docker.json'), record)
    expect(await chooseDriver(choice('auto'))).toMatchObject({
      ok: false,
      refusal: {
        message: expect.stringMatching(/lease-1 was begun as a container, and no container engine/),
      },
    })
  })

  it('waits for no engine that is silent', async () => {
    const socket = join(folder, 'silent.sock')
    const silent = createServer(() => undefined).listen(socket)
    try {
      const driver = accepted(await chooseDriver(choice('auto', socket)))
      expect(driver.name).toBe('process')
      await driver.close()
    } finally {
      silent.closeAllConnections()
      silent.close()
    }
  })
})
