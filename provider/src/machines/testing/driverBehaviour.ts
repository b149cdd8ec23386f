// What every driver does, whatever its machines are made of: each runs this whole against the real thing.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Machine, MachineDriver } from '../machineDriver.ts'
import { accepted, type DriverStage, specOf, textOf, waitFor, waitForExit } from './driverStage.ts'

const counting = 'while :; do echo >> count; done'
const untilTold = (file: string): string => `while [ ! -e ${file} ]; do sleep 0.05; done`

export function describeDriver(name: string, stageOf: () => DriverStage): void {
  describe(`machines of the ${name} driver`, () => {
    const used: MachineDriver[] = []
    const driverOf = (): MachineDriver => {
      const driver = stageOf().createDriver()
      used.push(driver)
      return driver
    }
    const spec = (key: string, script?: string): ReturnType<typeof specOf> => specOf(stageOf(), key, script)

    afterEach(async () => {
      const cleaner = stageOf().createDriver()
      for (const { key } of await cleaner.list()) await cleaner.wipe(key)
      for (const driver of [...used.splice(0), cleaner]) await driver.close()
    })

    it('starts a machine once, however often and at how many places it is asked to', async () => {
      const driver = driverOf()
      const asked = spec('lease-1', `echo one >> starts; ${untilTold('never')}`)
      const [first, second] = await Promise.all([driver.start(asked), driver.start(asked)])
      const third = await driverOf().start(asked)
      expect(accepted(second)).toEqual(accepted(first))
      expect(accepted(third)).toEqual(accepted(first))
      const starts = join(accepted(first).workspace, 'starts')
      await waitFor('the first start', () => readIfThere(starts))
      expect(readFileSync(starts, 'utf8')).toBe('one\n')
      expect((await driver.list()).map(({ key }) => key)).toEqual(['lease-1'])
    })

    it('leaves a machine running when the daemon goes, and knows it in its next life', async () => {
      const first = driverOf()
      const started = accepted(await first.start({ ...spec('worker-a'), owner: 'worker', ports: [8000] }))
      await first.close()
      const next = driverOf()
      expect(await next.list()).toMatchObject([{ key: 'worker-a', owner: 'worker', state: 'running' }])
      expect(await next.find('worker-a')).toEqual(started)
      await next.stop('worker-a', 0)
      expect(await next.find('worker-a')).toMatchObject({ state: 'exited', exitCode: 137 })
    })

    it('tells how a machine ended that ended while no daemon was there', async () => {
      const first = driverOf()
      const { workspace } = accepted(await first.start(spec('lease-2', `${untilTold('told')}; exit 7`)))
      await first.close()
      writeFileSync(join(workspace, 'told'), '')
      await sleep(500)
      expect(await waitForExit(driverOf(), 'lease-2')).toMatchObject({ state: 'exited', exitCode: 7 })
    })

    it('starts one that has exited again, with its workspace as it was', async () => {
      const driver = driverOf()
      const asked = spec('lease-3', 'if [ -e mine ]; then exit 4; fi; echo kept > mine; exit 3')
      accepted(await driver.start(asked))
      expect((await waitForExit(driver, 'lease-3')).exitCode).toBe(3)
      accepted(await driver.start(asked))
      const again = await waitFor('the second end', async () => {
        const machine = await driver.find('lease-3')
        return machine?.exitCode === 4 ? machine : undefined
      })
      expect(readFileSync(join(again.workspace, 'mine'), 'utf8')).toBe('kept\n')
    })

    it('takes the processors away from all that runs in a frozen machine, and gives them back', async () => {
      const driver = driverOf()
      const script = `(exec setsid /bin/sh -c 'mkdir -p child; cd child; ${counting}') & ${counting}`
      const { workspace } = accepted(await driver.start(spec('lease-4', script)))
      const counts = (): readonly number[] =>
        ['count', 'child/count'].map(
          file => statSync(join(workspace, file), { throwIfNoEntry: false })?.size ?? 0,
        )
      await waitFor('both counts', () => (counts().includes(0) ? undefined : true))
      await driver.freeze('lease-4')
      await driver.freeze('lease-4')
      const frozen = counts()
      await sleep(400)
      expect(counts()).toEqual(frozen)
      const next = driverOf()
      expect((await next.find('lease-4'))?.state).toBe('frozen')
      expect(await next.open('lease-4', {})).toMatchObject({ ok: false, refusal: { code: 'not-running' } })
      await next.thaw('lease-4')
      expect((await next.find('lease-4'))?.state).toBe('running')
      await waitFor('both counts to go on', () => {
        const now = counts()
        return now.every((count, index) => count !== frozen[index]) ? true : undefined
      })
    })

    it('asks a machine to end before it makes it', async () => {
      const driver = driverOf()
      const polite = `trap 'echo bye > last; exit 5' TERM; echo ready > ready; while :; do sleep 0.05; done`
      const { workspace } = accepted(await driver.start(spec('lease-5', polite)))
      await waitFor('the trap', () => readIfThere(join(workspace, 'ready')))
      await driver.stop('lease-5', 20)
      expect(await driver.find('lease-5')).toMatchObject({ state: 'exited', exitCode: 5 })
      expect(readFileSync(join(workspace, 'last'), 'utf8')).toBe('bye\n')
    })

    it('ends a machine that does not want to, and a frozen one', async () => {
      const driver = driverOf()
      const deaf = `trap '' TERM; echo ready > ready; while :; do sleep 0.05; done`
      const { workspace } = accepted(await driver.start(spec('lease-6', deaf)))
      await waitFor('the trap', () => readIfThere(join(workspace, 'ready')))
      await driver.stop('lease-6', 1)
      expect(await driver.find('lease-6')).toMatchObject({ state: 'exited', exitCode: 137 })
      accepted(await driver.start(spec('lease-7')))
      await driver.freeze('lease-7')
      await driver.stop('lease-7', 20)
      expect(await driver.find('lease-7')).toMatchObject({ state: 'exited', exitCode: 137 })
    })

    it('leaves nothing of a wiped machine on this host', async () => {
      const driver = driverOf()
      const script = `echo secret > data; mkdir shut; echo x > shut/x; chmod 0 shut; (exec setsid sleep 1000) & echo ready > ready; sleep 1000`
      const machine = accepted(await driver.start(spec('lease-8', script)))
      await waitFor('its files', () => readIfThere(join(machine.workspace, 'ready')))
      expect(await stageOf().leftovers(machine)).not.toEqual([])
      await driver.wipe('lease-8')
      await driver.wipe('lease-8')
      expect(await stageOf().leftovers(machine)).toEqual([])
      expect(await driver.list()).toEqual([])
      expect(await driver.find('lease-8')).toBeUndefined()
    })

    it('wipes a machine without following the links that it laid (attack)', async () => {
      const outside = mkdtempSync(join(tmpdir(), 'worldland-aa-outside-'))
      try {
        writeFileSync(join(outside, 'kept'), 'kept')
        const driver = driverOf()
        const script = `ln -s ${outside} link; ln -s ${outside}/kept kept; mkdir in; ln -s ${outside} in/link; echo ready > ready; sleep 1000`
        const { workspace } = accepted(await driver.start(spec('lease-links', script)))
        await waitFor('its links', () => readIfThere(join(workspace, 'ready')))
        await driver.wipe('lease-links')
        expect(readFileSync(join(outside, 'kept'), 'utf8')).toBe('kept')
      } finally {
        rmSync(outside, { recursive: true })
      }
    })

    it('keeps the last lines of output and errors, and gives them when all is over', async () => {
      const driver = driverOf()
      const script = 'for n in 1 2 3 4 5; do echo line $n; done; sleep 0.2; echo wrong >&2'
      accepted(await driver.start(spec('lease-9', script)))
      await waitForExit(driver, 'lease-9')
      const lastOf = (tailLines: number): Promise<string> => textOf(driver.logs('lease-9', { tailLines }))
      expect(await lastOf(2)).toBe('line 5\nwrong\n')
      expect(await lastOf(0)).toBe('')
      expect(await lastOf(1_000)).toBe('line 1\nline 2\nline 3\nline 4\nline 5\nwrong\n')
    })

    it('goes on with the logs while the machine runs, until it ends or nobody listens', async () => {
      const driver = driverOf()
      const script = `echo first; ${untilTold('told')}; echo second`
      const { workspace } = accepted(await driver.start(spec('lease-10', script)))
      const stopped = new AbortController()
      const heard = textOf(driver.logs('lease-10', { tailLines: 10, follow: true, signal: stopped.signal }))
      const all = textOf(driver.logs('lease-10', { tailLines: 10, follow: true }))
      await waitFor('the first line', async () => {
        const said = await textOf(driver.logs('lease-10', { tailLines: 10 }))
        return said === 'first\n' ? said : undefined
      })
      await sleep(300)
      stopped.abort()
      expect(await heard).toBe('first\n')
      writeFileSync(join(workspace, 'told'), '')
      expect(await all).toBe('first\nsecond\n')
    })

    it("lets this host reach the machine's ports, and tells the machine where to listen", async () => {
      const driver = driverOf()
      const asked = { ...spec('lease-11'), command: stageOf().serveHello(8888), ports: [8888] }
      const machine = accepted(await driver.start(asked))
      const door = machine.ports[8888]
      expect(door?.host).toBe('127.0.0.1')
      expect(await waitFor('an answer', () => hear(door))).toContain('hello')
    })

    it('gives a machine the environment that was asked for, and nothing of its own', async () => {
      const driver = driverOf()
      const environment = { GREETING: "it's\n$HOME", EMPTY: '' }
      accepted(await driver.start({ ...spec('lease-12', 'env'), environment, ports: [81] }))
      await waitForExit(driver, 'lease-12')
      // What keeps the logs may be a moment behind the end.
      const said = await waitFor('what it said', async () => {
        return (await textOf(driver.logs('lease-12', { tailLines: 1_000 }))) || undefined
      })
      expect(said).toContain("GREETING=it's\n$HOME\n")
      const names = said.split('\n').flatMap(line => /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(line)?.[1] ?? [])
      // The shell that prints adds where it stands.
      const known = new Set([...stageOf().ownVariables, 'GREETING', 'EMPTY', 'PORT_81', 'PWD', 'SHLVL'])
      expect(names.filter(each => !known.has(each))).toEqual([])
      expect(names).toEqual(expect.arrayContaining(['EMPTY', 'PORT_81', 'PATH']))
    })

    it('says in a sentence why a machine cannot be had, and leaves nothing behind', async () => {
      const driver = driverOf()
      const cases = [
        [{ ...spec('lease-13'), image: 'nowhere.invalid/none:1' }, /nowhere\.invalid\/none:1/],
        [spec('../lease'), /lower-case letters/],
        [{ ...spec('lease-13'), environment: { 'A=B': '1' } }, /variable "A=B"/],
        [{ ...spec('lease-13'), ports: [70_000] }, /port 70000/],
        [{ ...spec('lease-13'), memoryMiB: -1 }, /memoryMiB is -1/],
        [{ ...spec('lease-13'), command: ['/no/such/program'] }, /\/no\/such\/program/],
      ] as const
      for (const [asked, sentence] of cases) {
        const outcome = await driver.start(asked)
        expect(outcome).toMatchObject({ ok: false })
        if (!outcome.ok) expect(outcome.refusal.message).toMatch(sentence)
      }
      expect(await driver.list()).toEqual([])
    })

    it('takes no key for a path, an option or a pattern', async () => {
      const driver = driverOf()
      accepted(await driver.start(spec('lease-14')))
      for (const key of ['../machines', 'lease-14/..', '.', '', 'lease-*', '--all', 'lease-14\n']) {
        expect(await driver.find(key)).toBeUndefined()
        await driver.wipe(key).catch(() => undefined)
      }
      expect((await driver.find('lease-14'))?.state).toBe('running')
    })
  })
}

function readIfThere(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8')
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}

function hear(door: Machine['ports'][number] | undefined): Promise<string | undefined> {
  if (door === undefined) return Promise.resolve(undefined)
  return new Promise(resolve => {
    let said = ''
    const socket = connect(door.port, door.host, () => socket.write('GET / HTTP/1.0\r\n\r\n'))
    socket.on('data', chunk => {
      said += chunk.toString()
    })
    socket.once('error', () => resolve(undefined))
    socket.once('close', () => resolve(said === '' ? undefined : said))
  })
}
