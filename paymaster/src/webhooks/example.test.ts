import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { signHeaders } from './signHeaders.ts'
import { derivingFrom } from './signingSecret.ts'

const guide = new URL('../../docs/webhooks.md', import.meta.url)
const modules = new URL('../../../node_modules', import.meta.url)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

it('the receiver in the guide takes what is signed, and refuses what is not', async () => {
  const [, example] = /```js\n(.*?)```/s.exec(readFileSync(guide, 'utf8')) ?? []
  if (example === undefined) throw new Error('There is no example in the guide')
  const folder = mkdtempSync(join(tmpdir(), 'webhook-example-'))
  symlinkSync(fileURLToPath(modules), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'receiver.mjs'), example)
  const endpoint = { id: 'whe_guide', secretGeneration: 1, previousUntilSeconds: null } as never
  const secrets = derivingFrom(Buffer.alloc(32, 7))
  const port = await freePort()
  const receiver = spawn(process.execPath, [join(folder, 'receiver.mjs')], {
    env: { PORT: String(port), WEBHOOK_SECRET: secrets.secretOf('whe_guide', 1) },
  })
  let printed = ''
  receiver.stdout.on('data', chunk => {
    printed += chunk
  })
  try {
    const body = JSON.stringify({ type: 'test', data: { title: 'A test' } })
    const atSeconds = Math.floor(Date.now() / 1000)
    const headers = signHeaders({ endpoint, secrets, messageId: 'msg_1', body, atSeconds })
    const post = async (sent: string) =>
      (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: sent })).status
    await expect.poll(() => post(body).catch(() => undefined)).toBe(204)
    expect(await post(body.replace('A test', 'A lie'))).toBe(401)
    await expect.poll(() => printed).toContain("msg_1 test { title: 'A test' }")
  } finally {
    receiver.kill()
  }
})
