import { mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createConsoleFiles } from './consoleFiles.ts'
import { createConsoleSite } from './consoleSite.ts'

const origin = 'http://localhost:4338'
const script = `console.log(${JSON.stringify('x'.repeat(5_000))})`

function build(page = '<!doctype html><title>Console</title>'): string {
  const folder = mkdtempSync(join(tmpdir(), 'console-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets/index-1a2b.js'), script)
  writeFileSync(join(folder, 'index.html'), page)
  return folder
}

function open(folder: string) {
  const site = createConsoleSite(createConsoleFiles(folder), () => origin)
  return async (path: string, headers: Record<string, string> = {}, host = origin) =>
    await site.request(`${host}${path}`, { headers })
}

describe('the console’s files', () => {
  it('come compressed as the browser takes them, and for ever where their name has a hash', async () => {
    const get = open(build())
    const plain = await get('/console/assets/index-1a2b.js')
    expect(await plain.text()).toBe(script)
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const brotli = await get('/console/assets/index-1a2b.js', { 'accept-encoding': 'gzip, br' })
    expect(brotli.headers.get('content-encoding')).toBe('br')
    expect(brotliDecompressSync(Buffer.from(await brotli.arrayBuffer())).toString()).toBe(script)
    const gzip = await get('/console/assets/index-1a2b.js', { 'accept-encoding': 'gzip, br;q=0' })
    expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe(script)
  })

  it('are taken as the build has compressed them', async () => {
    const folder = build()
    writeFileSync(join(folder, 'assets/index-1a2b.js.br'), 'compressed well')
    const answer = await open(folder)('/console/assets/index-1a2b.js', { 'accept-encoding': 'br' })
    expect(await answer.text()).toBe('compressed well')
  })

  it('are those of the folder alone, and no link leads out of it', async () => {
    const folder = build()
    writeFileSync(join(folder, '../outside.js'), 'outside')
    symlinkSync(join(folder, '../outside.js'), join(folder, 'assets/link.js'))
    expect((await open(folder)('/console/assets/link.js')).status).toBe(404)
  })

  it('that are not there are not answered by a page', async () => {
    expect((await open(build())('/console/assets/index-old.js')).status).toBe(404)
  })
})

describe('a page of the console', () => {
  it('is the same for every address that is no file, and asked anew each time', async () => {
    const get = open(build())
    for (const path of ['/console/', '/console/policies/0xabc', '/console/index.html']) {
      const answer = await get(path)
      expect(await answer.text()).toContain('<title>Console')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    }
    expect((await get('/console')).headers.get('location')).toBe('/console/')
  })

  it('runs no script and no style but its own, by a word that is new each time', async () => {
    const get = open(build('<!doctype html><style nonce="__CSP_NONCE__"></style>'))
    const nonces = new Set<string>()
    for (let count = 0; count < 2; count++) {
      const answer = await get('/console/')
      const nonce = /nonce="([\w-]{22})"/.exec(await answer.text())?.[1] ?? 'none'
      nonces.add(nonce)
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`)
      expect(policy).toMatch(/script-src 'self'(;| 'nonce)/)
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    }
    expect(nonces.size).toBe(2)
  })

  it('is at localhost for who comes by an IP address of this machine, where passkeys do not work', async () => {
    const answer = await open(build())('/console/policies?tab=1', {}, 'http://127.0.0.1:4338')
    expect(answer.headers.get('location')).toBe('http://localhost:4338/console/policies?tab=1')
  })

  it('says how to build it where it is not built, and is there once it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-'))
    const get = open(folder)
    const missing = await get('/console/')
    expect(missing.status).toBe(503)
    expect(await missing.text()).toContain('npm run build --workspace paymaster/console')
    writeFileSync(join(folder, 'index.html'), '<title>first</title>')
    expect(await (await get('/console/')).text()).toContain('first')
    writeFileSync(join(folder, 'index.html'), '<title>second</title>')
    utimesSync(join(folder, 'index.html'), new Date(), new Date(Date.now() + 5_000))
    expect(await (await get('/console/')).text()).toContain('second')
  })
})
