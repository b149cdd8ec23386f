// A guest whose right has ended is out, whatever he does: ssh2's own client, behind a wire that stops taking bytes.
import { connect, createServer, type Server, type Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { systemClock } from '@worldland-aa/service/clock'
import { createCallers } from '@worldland-aa/service/http/callers'
import { createLogger } from '@worldland-aa/service/logger'
import ssh2, { type Client, type ClientChannel } from 'ssh2'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MachineDriver, MachineSession } from '../../machines/machineDriver.ts'
import { createGuests } from '../guests.ts'
import { newKeyPair } from './newKeyPair.ts'
import { createSshServer, type SshServer } from './sshServer.ts'

const channels = 14
let server: SshServer
let wire: Server
let upstream: Socket
let client: Client
let guests: ReturnType<typeof createGuests>
/** Of all sessions: what was typed into their machine, and whether they still run. */
let typed: string
let running: number

function openSession(): MachineSession {
  running++
  const input = new PassThrough()
  input.on('data', (chunk: Buffer) => {
    typed += chunk
  })
  // As a program that never ends prints.
  const output = new Readable({
    read() {
      this.push(Buffer.alloc(65_536, 'y'))
    },
  })
  let finish: (code: number) => void
  const ended = new Promise<number>(resolve => {
    finish = resolve
  })
  let isOver = false
  return {
    ...{ input, output, errors: undefined, ended },
    resize: () => undefined,
    end() {
      if (!isOver) running--
      isOver = true
      output.destroy()
      finish(137)
    },
  } as MachineSession
}

async function enter(): Promise<ClientChannel[]> {
  client = new ssh2.Client()
  client.on('error', () => undefined)
  const ready = new Promise<void>(resolve => client.once('ready', () => resolve()))
  const { port } = wire.address() as { port: number }
  client.connect({ host: '127.0.0.1', port, username: 'lease-1', password: 'secret' })
  await ready
  const shells: ClientChannel[] = []
  for (let index = 0; index < channels; index++)
    shells.push(
      await new Promise((resolve, reject) =>
        client.exec('cat', (error, channel) => (error ? reject(error) : resolve(channel.resume()))),
      ),
    )
  return shells
}

beforeEach(async () => {
  ;[typed, running, guests] = ['', 0, createGuests()]
  server = createSshServer({
    host: '127.0.0.1',
    port: 0,
    hostKey: newKeyPair().privateKey,
    admission: {
      admit: async leaseId => ({ ok: true, value: { leaseId, user: '0xabc' } }),
      knowsKey: () => false,
    },
    guests,
    driver: {
      find: async () => undefined,
      open: async () => ({ ok: true, value: openSession() }),
    } as Pick<MachineDriver, 'open' | 'find'>,
    callers: createCallers([]),
    onEvent: () => undefined,
    clock: systemClock,
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
  await server.start()
  wire = createServer(peer => {
    upstream = connect(server.port(), '127.0.0.1')
    peer.pipe(upstream).pipe(peer)
    for (const end of [peer, upstream]) end.on('error', () => undefined)
  })
  await new Promise<void>(resolve => wire.listen(0, '127.0.0.1', () => resolve()))
})

afterEach(async () => {
  client.destroy()
  upstream.destroy()
  await server.stop()
  await new Promise(resolve => wire.close(resolve))
})

it('attack: puts out a guest who takes no bytes, and nothing that he still types reaches the machine', async () => {
  const [shell] = await enter()
  shell?.write('before\n')
  await expect.poll(() => typed).toBe('before\n')
  upstream.unpipe()
  upstream.pause()
  // What the machine prints fills the buffers of both systems: the door's last words do not leave it either.
  await expect.poll(() => upstream.readableLength, { timeout: 60_000 }).toBeGreaterThan(0)
  guests.putAllOut()
  shell?.write('after\n')
  await expect.poll(() => running, { timeout: 60_000 }).toBe(0)
  expect(typed).toBe('before\n')
})
