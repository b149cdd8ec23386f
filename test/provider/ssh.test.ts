// Into a machine by SSH: OpenSSH's own client, real machines and a real chain that says who may.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { newKeyPair } from '@worldland-aa/provider/access/ssh/newKeyPair'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import ssh2 from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccessStage, startAccessStage } from '../support/accessStage.ts'
import { connectSsh, execBySsh, openSshOptions, runOpenSsh } from '../support/sshClient.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: AccessStage
beforeAll(async () => {
  stage = await startAccessStage(folder)
})
afterAll(async () => {
  await stage.stop()
})

async function served(options?: Parameters<AccessStage['serve']>[0]) {
  const lease = await stage.serve(options)
  if (lease.access.ssh === undefined) throw new Error('There is no SSH in the access')
  return { ...lease, ssh: lease.access.ssh }
}

function keyPair() {
  const place = subfolder(folder)
  const { privateKey, publicKey } = newKeyPair()
  const identity = join(place, 'id')
  writeFileSync(identity, privateKey, { mode: 0o600 })
  return { identity, publicKey, privateKey }
}

describe('a renter with the one-time password', () => {
  it("runs a command by OpenSSH's client, which knows the provider by its host key", async () => {
    const { ssh, machine } = await served()
    const options = openSshOptions(folder, ssh)
    const command = 'echo out; echo err >&2; pwd; exit 7'
    const argv = [...options, '-p', String(ssh.port), `${ssh.user}@${ssh.host}`, command]
    const ran = await runOpenSsh('ssh', argv, { folder, password: ssh.password })
    expect(ran).toMatchObject({ code: 7, output: `out\n${machine.workspace}\n` })
    expect(ran.errors).toContain('err')
  })

  it('gets in once: the same password opens nothing a second time, also after a restart', async () => {
    const { ssh } = await served()
    const client = await connectSsh(ssh)
    expect(await execBySsh(client, 'echo in')).toMatchObject({ code: 0, output: 'in\n' })
    await expect(connectSsh(ssh)).rejects.toThrow('authentication methods failed')
    client.end()
    await stage.restart()
    const again = { ...ssh, port: stage.access.sshPort() }
    await expect(connectSsh(again)).rejects.toThrow('authentication methods failed')
  })

  it('of two who come with it at once, one is let in', async () => {
    const { ssh } = await served()
    const both = await Promise.allSettled([connectSsh(ssh), connectSsh(ssh)])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    for (const one of both) if (one.status === 'fulfilled') one.value.end()
  })

  it('has a terminal that knows its size, and whose variables reach the shell', async () => {
    const { ssh } = await served()
    const client = await connectSsh(ssh)
    const shown = await new Promise<string>((resolve, reject) => {
      const window = { rows: 33, cols: 101, term: 'xterm-256color' }
      client.shell(window, { env: { GREETING: 'hello there' } }, (error, channel) => {
        if (error) return reject(error)
        let text = ''
        channel.on('data', (chunk: Buffer) => {
          text += chunk
        })
        channel.once('close', () => resolve(text))
        channel.end('stty size; echo "[$GREETING] $TERM"; exit\n')
      })
    })
    client.end()
    expect(shown).toContain('33 101')
    expect(shown).toContain('[hello there] xterm-256color')
  })
})

describe('a renter with an SSH key', () => {
  it('gets in by it again and again, also after the daemon has restarted', async () => {
    const { identity, publicKey } = keyPair()
    const { ssh } = await served({ sshPublicKey: `${publicKey} me@home` })
    const run = async (port: number) => {
      const options = openSshOptions(folder, { ...ssh, port }, identity)
      const argv = [...options, '-p', String(port), `${ssh.user}@${ssh.host}`, 'echo in']
      return await runOpenSsh('ssh', argv, { folder })
    }
    expect(await run(ssh.port)).toMatchObject({ code: 0, output: 'in\n' })
    expect(await run(ssh.port)).toMatchObject({ code: 0, output: 'in\n' })
    await stage.restart()
    expect(await run(stage.access.sshPort())).toMatchObject({ code: 0, output: 'in\n' })
  })

  it("attack: a stranger's key opens nothing, and neither does a signature by another key than the one shown", async () => {
    const mine = keyPair()
    const { ssh } = await served({ sshPublicKey: mine.publicKey })
    const { password: _, ...withoutPassword } = ssh
    const stranger = keyPair()
    await expect(connectSsh(withoutPassword, { privateKey: stranger.privateKey })).rejects.toThrow('failed')
    const parsed = ssh2.utils.parseKey(stranger.privateKey)
    const shown = ssh2.utils.parseKey(mine.publicKey)
    if (parsed instanceof Error || shown instanceof Error) throw new Error('A key of our own')
    const agent = new (class extends ssh2.BaseAgent {
      override getIdentities(done: (error: undefined, keys: never[]) => void): void {
        done(undefined, [shown as never])
      }
      override sign(_key: never, data: Buffer, ...rest: unknown[]): void {
        const done = rest.at(-1) as (error: undefined, signature: Buffer) => void
        done(undefined, parsed.sign(data) as Buffer)
      }
    })()
    await expect(connectSsh(withoutPassword, { agent: agent as never })).rejects.toThrow('failed')
  })
})

describe('files of the workspace', () => {
  it('go there and back by scp and sftp', async () => {
    const { identity, publicKey } = keyPair()
    const { ssh, machine } = await served({ sshPublicKey: publicKey })
    const options = openSshOptions(folder, ssh, identity)
    const bytes = Buffer.alloc(3_000_000, 'worldland ')
    writeFileSync(join(folder, 'up.bin'), bytes)
    const place = `${ssh.user}@${ssh.host}`
    const port = ['-P', String(ssh.port)]
    const up = await runOpenSsh('scp', [...options, ...port, join(folder, 'up.bin'), `${place}:up.bin`], {
      folder,
    })
    expect(up).toMatchObject({ code: 0 })
    expect(readFileSync(join(machine.workspace, 'up.bin')).equals(bytes)).toBe(true)
    const down = [...options, ...port, `${place}:/workspace/up.bin`, join(folder, 'down.bin')]
    expect(await runOpenSsh('scp', down, { folder })).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'down.bin')).equals(bytes)).toBe(true)
    const batch = 'mkdir data\nrename up.bin data/moved.bin\nls -1 data\nrm data/moved.bin\nrmdir data\npwd\n'
    const ran = await runOpenSsh('sftp', [...options, ...port, '-b', '-', place], { folder, input: batch })
    expect(ran).toMatchObject({ code: 0 })
    expect(ran.output).toContain('data/moved.bin')
    expect(ran.output).toContain('/workspace')
  })

  it('attack: a path or a link out of the workspace reaches nothing of the host', async () => {
    const { ssh, machine } = await served()
    const client = await connectSsh(ssh)
    writeFileSync(join(folder, 'secret'), 'of the host')
    const links = `ln -s ${join(folder, 'secret')} link; ln -s ${folder} folder; ln -s .. up; mkfifo pipe`
    expect(await execBySsh(client, links)).toMatchObject({ code: 0 })
    const sftp = await new Promise<ssh2.SFTPWrapper>((resolve, reject) =>
      client.sftp((error, wrapper) => (error ? reject(error) : resolve(wrapper))),
    )
    const read = (path: string) =>
      new Promise<string>(resolve =>
        sftp.readFile(path, (error, data) => resolve(error ? `refused: ${error.message}` : data.toString())),
      )
    const outside = [
      'link',
      'folder/secret',
      'up/machine.json',
      '/etc/passwd',
      '../../secret',
      'pipe',
      'a/../../x',
    ]
    for (const path of outside) expect(await read(path)).toMatch(/^refused/)
    const written = await new Promise<Error | undefined>(resolve =>
      sftp.writeFile('link', 'overwritten', error => resolve(error ?? undefined)),
    )
    expect(written).toBeInstanceOf(Error)
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('of the host')
    const setuid = await new Promise<Error | undefined>(resolve =>
      sftp.writeFile('tool', '', { mode: 0o4755 }, error => resolve(error ?? undefined)),
    )
    expect(setuid).toBeUndefined()
    expect(await execBySsh(client, 'stat -c %a tool')).toMatchObject({ output: '755\n' })
    expect(machine.workspace).not.toBe('')
    client.end()
  })
})

/** Answers every connection to the machine's port. */
const script = "require('net').createServer(s=>s.end('hello')).listen(process.env.PORT_8000,'127.0.0.1')"

describe('forwarding by `ssh -L`', () => {
  const ask = (client: ssh2.Client, host: string, port: number) =>
    new Promise<string>(resolve => {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (error) return resolve('refused')
        let text = ''
        channel.on('data', (chunk: Buffer) => {
          text += chunk
        })
        channel.once('close', () => resolve(text))
      })
    })

  it("reaches the machine's own port, and nothing else of the host or the network", async () => {
    const { ssh } = await served({ ports: [8000], command: [process.execPath, '-e', script] })
    const client = await connectSsh(ssh)
    await expect.poll(() => ask(client, 'localhost', 8000)).toBe('hello')
    for (const [host, port] of [
      ['localhost', ssh.port],
      ['127.0.0.1', 22],
      ['example.com', 8000],
      ['169.254.169.254', 80],
    ] as const) {
      expect(await ask(client, host, port)).toBe('refused')
    }
    client.end()
  })

  it('attack: no other channel opens: nothing is forwarded back, no agent, no socket of the host', async () => {
    const { ssh } = await served()
    const client = await connectSsh(ssh)
    const back = new Promise<string>(resolve =>
      client.forwardIn('127.0.0.1', 0, error => resolve(error ? 'refused' : 'open')),
    )
    expect(await back).toBe('refused')
    const socket = new Promise<string>(resolve =>
      client.openssh_forwardOutStreamLocal('/var/run/docker.sock', error =>
        resolve(error ? 'refused' : 'open'),
      ),
    )
    expect(await socket).toBe('refused')
    client.end()
  })
})

describe('a right that ends', () => {
  it('puts its holder out within a block, and its secrets open nothing more', async () => {
    const { identity, publicKey } = keyPair()
    const { ssh, leaseId } = await served({ sshPublicKey: publicKey })
    const client = await connectSsh(ssh)
    const closed = once(client, 'close')
    const { contracts, payer } = stage.market
    await stage.market.send(payer, stopLease.calls({ contracts, leaseId, state: 'ready' }))
    await stage.nextBlock()
    await closed
    const options = openSshOptions(folder, ssh, identity)
    const argv = [...options, '-p', String(ssh.port), `${ssh.user}@${ssh.host}`, 'echo in']
    expect(await runOpenSsh('ssh', argv, { folder })).toMatchObject({ code: 255, output: '' })
  })

  it('lets him in again when a reorg takes that back', async () => {
    const { identity, publicKey } = keyPair()
    const { ssh, leaseId } = await served({ sshPublicKey: publicKey })
    const { contracts, payer, chain } = stage.market
    await stage.market.send(payer, stopLease.calls({ contracts, leaseId, state: 'ready' }))
    await stage.nextBlock()
    await chain.reorg(1)
    await stage.nextBlock()
    const options = openSshOptions(folder, ssh, identity)
    const argv = [...options, '-p', String(ssh.port), `${ssh.user}@${ssh.host}`, 'echo in']
    expect(await runOpenSsh('ssh', argv, { folder })).toMatchObject({ code: 0, output: 'in\n' })
  })
})

describe('attack: a flood of SSH handshakes', () => {
  const open = (ssh: { host: string; port: number }, count: number) =>
    Array.from({ length: count }, () => {
      const socket = connect({ ...ssh, localAddress: '127.0.0.2' })
      socket.on('error', () => undefined)
      const answered = new Promise<boolean>(resolve => {
        socket.once('data', () => resolve(true))
        socket.once('close', () => resolve(false))
      })
      return { socket, answered }
    })

  it('of one address is turned away before it costs a key exchange, and others come in meanwhile', async () => {
    const { ssh } = await served()
    const { host, port } = ssh
    const flood = open({ host, port }, 200)
    const answered = await Promise.all(flood.map(one => one.answered))
    expect(answered.filter(Boolean)).toHaveLength(16)
    // The silent ones are there yet.
    ;(await connectSsh(ssh)).end()
    for (const { socket } of flood) socket.destroy()
  })

  it('of what is no SSH is cut off, and guesses of passwords end with the connection', async () => {
    const { ssh } = await served()
    const socket = connect(ssh.port, ssh.host)
    socket.write('GET / HTTP/1.1\r\n\r\n'.repeat(1_000))
    socket.on('error', () => undefined)
    socket.resume()
    await new Promise(resolve => socket.once('close', resolve))
    let guesses = 0
    const guessing = connectSsh(ssh, {
      authHandler: () => {
        guesses++
        return { type: 'password', username: ssh.user, password: `guess ${guesses}` }
      },
    })
    await expect(guessing).rejects.toThrow()
    expect(guesses).toBeLessThan(15)
  })
})
