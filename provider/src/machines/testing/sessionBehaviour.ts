// What every driver does with commands in a running machine, with a terminal and without.
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MachineDriver, MachineSession, OpenSession } from '../machineDriver.ts'
import { accepted, type DriverStage, specOf, textOf, waitFor } from './driverStage.ts'

const terminal = { kind: 'xterm-256color', columns: 91, rows: 31 }

export function describeSessions(name: string, stageOf: () => DriverStage): void {
  describe(`sessions of the ${name} driver`, () => {
    const key = 'lease-of-sessions'
    let driver: MachineDriver

    beforeAll(async () => {
      driver = stageOf().createDriver()
      accepted(await driver.start({ ...specOf(stageOf(), key), environment: { OF_MACHINE: 'yes' } }))
    })

    afterAll(async () => {
      await driver.wipe(key)
      await driver.close()
    })

    const open = async (options: OpenSession): Promise<MachineSession> =>
      accepted(await driver.open(key, options))

    it('runs a command with input, output and errors apart, and tells its exit code', async () => {
      const session = await open({
        command: ['/bin/sh', '-c', 'read said; echo "heard $said"; echo wrong >&2; exit 9'],
      })
      session.input.end('word\n')
      if (session.errors === undefined) throw new Error('errors are not apart')
      const said = await Promise.all([textOf(session.output), textOf(session.errors)])
      expect(said).toEqual(['heard word\n', 'wrong\n'])
      expect(await session.ended).toBe(9)
    })

    it('carries bytes as they are, and as many as there are', async () => {
      const session = await open({ command: ['/bin/sh', '-c', 'cat'] })
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
      session.input.end(bytes)
      const pieces: Buffer[] = []
      for await (const piece of session.output) pieces.push(Buffer.from(piece))
      expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0)
      expect(await session.ended).toBe(0)
    })

    it('opens a shell in the workspace that has the environment of machine and session', async () => {
      const session = await open({ environment: { OF_SESSION: 'too' } })
      session.input.end('echo "$OF_MACHINE $OF_SESSION"; pwd\n')
      const [said, where] = (await textOf(session.output)).trim().split('\n')
      expect(said).toBe('yes too')
      expect(where).toMatch(/workspace$/)
    })

    it('gives a terminal of the size asked for, and another size later', async () => {
      const session = await open({ command: ['/bin/sh'], terminal })
      expect(session.errors).toBeUndefined()
      const screen = screenOf(session.output)
      session.input.write('echo "$TERM"; stty size; test -t 0 && echo is-a-terminal\n')
      await waitFor('the size', () => screen.has(/31 91/))
      await waitFor('a terminal', () => screen.has(/\nis-a-terminal/))
      expect(screen.has(/xterm-256color/)).toBe(true)
      session.resize({ columns: 132, rows: 50 })
      await waitFor('the new size', () => {
        session.input.write('stty size\n')
        return screen.has(/50 132/)
      })
      session.input.write('exit 6\n')
      expect(await session.ended).toBe(6)
    })

    it('passes a key that interrupts on to what runs in the terminal', async () => {
      const session = await open({ command: ['/bin/sh'], terminal })
      const screen = screenOf(session.output)
      session.input.write('echo be"fo"re; sleep 1000\n')
      await waitFor('the sleep', () => screen.has(/before/))
      await waitFor('the prompt', () => {
        session.input.write('\x03')
        session.input.write('echo af"te"r\n')
        return screen.has(/after/)
      })
      session.input.write('exit\n')
      await session.ended
    })

    it.each([
      ['with a terminal', terminal],
      ['without a terminal', undefined],
    ])('ends a session %s, and what it runs', async (_, asked) => {
      const before = await sleepers(driver, key)
      const session = await open({ command: ['/bin/sh', '-c', 'sleep 4321 & sleep 4321'], terminal: asked })
      session.output.resume()
      await waitFor('the sleepers', async () =>
        (await sleepers(driver, key)) === before + 2 ? true : undefined,
      )
      session.end()
      session.end()
      expect(await session.ended).toBe(137)
      await waitFor('their end', async () => ((await sleepers(driver, key)) === before ? true : undefined))
      expect((await driver.find(key))?.state).toBe('running')
    })

    it('says in a sentence why a command cannot be run', async () => {
      const refusals = await Promise.all([
        driver.open('lease-of-nobody', {}),
        driver.open(key, { command: ['/no/such/program'] }),
        driver.open(key, { command: [] }),
        driver.open(key, { environment: { 'A B': '' } }),
      ])
      expect(refusals.map(outcome => (outcome.ok ? 'ran' : outcome.refusal.message))).toEqual([
        expect.stringMatching(/lease-of-nobody is not here/),
        expect.stringMatching(/no program "\/no\/such\/program"/),
        expect.stringMatching(/command is empty/),
        expect.stringMatching(/variable "A B"/),
      ])
    })
  })
}

/** As the machine itself counts them. */
async function sleepers(driver: MachineDriver, key: string): Promise<number> {
  const script =
    'n=0; for f in /proc/[0-9]*/cmdline; do case "$(tr "\\0" " " < $f)" in "sleep 4321 "*) n=$((n+1));; esac; done 2> /dev/null; echo $n'
  const session = accepted(await driver.open(key, { command: ['/bin/sh', '-c', script] }))
  session.input.end()
  return Number(await textOf(session.output))
}

function screenOf(output: Readable): { has(pattern: RegExp): true | undefined } {
  let said = ''
  output.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  return { has: pattern => (pattern.test(said) ? true : undefined) }
}
