// SSH as people use it: OpenSSH's own programs, and a client in this process where a test does what they never would.
import { spawn } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LeaseAccess } from '@worldland-aa/sdk/sealing/leaseAccess'
import ssh2, { type Client, type ConnectConfig } from 'ssh2'

type Ssh = NonNullable<LeaseAccess['ssh']>
export type Ran = { readonly code: number | null; readonly output: string; readonly errors: string }

/** Options that make OpenSSH trust the host key of the access alone, and ask nothing of a person. */
export function openSshOptions(folder: string, ssh: Ssh, identity?: string): string[] {
  const known = join(folder, 'known_hosts')
  writeFileSync(known, `[${ssh.host}]:${ssh.port} ${ssh.hostKey}\n`)
  const options = [
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${known}`,
    'GlobalKnownHostsFile=/dev/null',
    'NumberOfPasswordPrompts=1',
    'IdentitiesOnly=yes',
    `IdentityFile=${identity ?? '/dev/null'}`,
    'LogLevel=ERROR',
  ]
  return ['-F', '/dev/null', ...options.flatMap(option => ['-o', option])]
}

/** Runs one of OpenSSH's programs; the password comes by SSH_ASKPASS, as from a person. */
export async function runOpenSsh(
  program: 'ssh' | 'scp' | 'sftp',
  argv: readonly string[],
  { folder, password, input }: { folder: string; password?: string | undefined; input?: string | undefined },
): Promise<Ran> {
  const askpass = join(folder, 'askpass')
  writeFileSync(askpass, '#!/bin/sh\nprintf "%s\\n" "$TEST_PASSWORD"\n')
  chmodSync(askpass, 0o700)
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    SSH_ASKPASS: askpass,
    SSH_ASKPASS_REQUIRE: 'force',
    TEST_PASSWORD: password ?? '',
  }
  const child = spawn(program, argv, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    errors += chunk
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input ?? '')
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, output, errors }
}

/** Resolves once it is let in; rejects where it is refused. */
export async function connectSsh(ssh: Ssh, more: ConnectConfig = {}): Promise<Client> {
  const client = new ssh2.Client()
  // The server may break off at any time: that is for `close` to tell.
  client.on('error', () => undefined)
  return await new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client))
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed')))
    const { host, port, user, password } = ssh
    client.connect({ host, port, username: user, ...(password !== undefined && { password }), ...more })
  })
}

export async function execBySsh(client: Client, command: string): Promise<Ran> {
  return await new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error)
      let [output, errors] = ['', '']
      channel.on('data', (chunk: Buffer) => {
        output += chunk
      })
      channel.stderr.on('data', (chunk: Buffer) => {
        errors += chunk
      })
      channel.on('close', (code: number | null) => resolve({ code, output, errors }))
    })
  })
}
