import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { MachineDriver } from '../machineDriver.ts'
import { describeDriver } from '../testing/driverBehaviour.ts'
import { accepted, type DriverStage, specOf, textOf, waitFor, waitForExit } from '../testing/driverStage.ts'
import { describeSessions } from '../testing/sessionBehaviour.ts'
import { findHostTools } from './hostTools.ts'
import { createProcessDriver } from './processDriver.ts'
import { hasVariable, readProcesses } from './processTable.ts'

const folder = mkdtempSync(join(tmpdir(), 'worldland-aa-machines-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const troubles: unknown[] = []

function createDriver(): MachineDriver {
  return createProcessDriver({
    machinesFolder: folder,
    tools: accepted(findHostTools()),
    onTrouble: error => troubles.push(error),
  })
}

const marks = new Map<string, string>()

const stage: DriverStage = {
  createDriver,
  image: undefined,
  serveHello: port => [
    process.execPath,
    '-e',
    `require('net').createServer(s => s.end('hello')).listen(process.env.PORT_${port}, '127.0.0.1')`,
  ],
  async leftovers(machine) {
    const record = join(folder, machine.key, 'machine.json')
    if (existsSync(record)) marks.set(machine.key, JSON.parse(readFileSync(record, 'utf8')).mark)
    const mark = marks.get(machine.key) ?? ''
    const processes = readProcesses().filter(({ pid, state }) => state !== 'Z' && hasVariable(pid, mark))
    const folders = [join(folder, machine.key), machine.workspace].filter(path => existsSync(path))
    return [...folders, ...processes.map(({ pid }) => `process ${pid}`)]
  },
  ownVariables: ['PATH', 'HOME', 'CUDA_VISIBLE_DEVICES', 'WORLDLAND_MACHINE'],
}

describeDriver('process', () => stage)
describeSessions('process', () => stage)

describe('a machine that is a plain process', () => {
  it('is said to be kept from nothing', () => {
    const driver = createDriver()
    expect(driver.isIsolated).toBe(false)
  })

  it('is not confused with another process that was given its number', async () => {
    const driver = createDriver()
    const machine = accepted(await driver.start(specOf(stage, 'lease-recycled')))
    await driver.stop('lease-recycled', 0)
    // As after a restart of the host, when the number belongs to another: here to this very test.
    const own = readFileSync(`/proc/${process.pid}/stat`, 'utf8')
    const ticks = own.slice(own.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    const note = `${boot}${own.replace(` ${ticks} `, ' 1 ')}`
    for (const name of ['leader', 'supervisor']) writeFileSync(join(folder, machine.key, name), note)
    rmSync(join(folder, machine.key, 'exit-code'))
    expect((await driver.find('lease-recycled'))?.state).toBe('exited')
    await driver.wipe('lease-recycled')
    expect(existsSync(join(folder, 'lease-recycled'))).toBe(false)
    await driver.close()
  })

  it('takes with it what it left behind when it ended by itself', async () => {
    const driver = createDriver()
    const script = `(exec setsid /bin/sh -c 'echo $$ > left; exec sleep 1000' > /dev/null 2>&1) & while [ ! -s left ]; do sleep 0.05; done; exit 2`
    const { workspace } = accepted(await driver.start(specOf(stage, 'lease-left', script)))
    await waitForExit(driver, 'lease-left')
    const pid = Number(readFileSync(join(workspace, 'left'), 'utf8'))
    await waitFor('the end of what was left', () =>
      readProcesses().some(entry => entry.pid === pid && entry.state !== 'Z') ? undefined : true,
    )
    await driver.wipe('lease-left')
    await driver.close()
  })

  it('cannot fill the disk with what it prints (attack)', async () => {
    const driver = createDriver()
    const script = `yes 'a line that nobody reads' | head -c 60000000; echo the end`
    accepted(await driver.start(specOf(stage, 'lease-loud', script)))
    await waitForExit(driver, 'lease-loud')
    await waitFor('its last word', async () => {
      const last = await textOf(driver.logs('lease-loud', { tailLines: 1 }))
      return last.endsWith('the end\n') ? true : undefined
    })
    const sizes = ['output.log', 'output.log.1'].map(name => statSync(join(folder, 'lease-loud', name)).size)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * 1024 * 1024)
    // A tail goes on into the file before.
    const longest = await textOf(driver.logs('lease-loud', { tailLines: 1_000_000 }))
    expect(longest.length).toBe((sizes[0] ?? 0) + (sizes[1] ?? 0))
    await driver.wipe('lease-loud')
    await driver.close()
  })

  it('keeps its environment where only this account reads it', async () => {
    const driver = createDriver()
    accepted(await driver.start({ ...specOf(stage, 'lease-secret'), environment: { TOKEN: 'secret' } }))
    expect(statSync(folder).mode & 0o077).toBe(0)
    expect(statSync(join(folder, 'lease-secret', 'machine.json')).mode & 0o077).toBe(0)
    await driver.wipe('lease-secret')
    await driver.close()
  })

  it('had no trouble that nobody was told of', () => {
    expect(troubles).toEqual([])
  })
})
