// What attackers of admin pages try, one by one, against the running service.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type House, startHouse, tokenOf } from './testing/startHouse.ts'

let chain: Chain
let house: House

beforeAll(async () => {
  chain = await startChain()
  house = await startHouse(chain)
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

/** As it is written: `fetch` would tidy the path first. */
async function rawGet(path: string, headers: Record<string, string> = {}) {
  return await new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(house.url)
      request({ hostname, port, path, headers }, response => {
        let text = ''
        response.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        )
      })
        .on('error', reject)
        .end()
    },
  )
}

describe('session fixation', () => {
  it('leaves a cookie that was planted worthless: a sign-in makes a token of its own', async () => {
    const victim = house.newBrowser()
    const planted = `paymaster-session-${new URL(house.url).port}=${'A'.repeat(43)}`
    victim.setCookie(planted)
    await victim.ask('POST', '/session/link', { token: tokenOf(await house.newLink('admin')) })
    expect(victim.cookie()).not.toBe(planted)
    expect((await victim.ask('GET', '/session')).status).toBe(200)
    const attacker = house.newBrowser()
    attacker.setCookie(planted)
    expect((await attacker.ask('GET', '/session')).status).toBe(401)
  })

  it('ends the session that an attacker planted in a browser when its user signs in', async () => {
    const attacker = await house.signIn('viewer')
    const planted = attacker.cookie() ?? ''
    const victim = house.newBrowser()
    victim.setCookie(planted)
    await victim.ask('POST', '/session/link', { token: tokenOf(await house.newLink('admin')) })
    expect(victim.cookie()).not.toBe(planted)
    expect((await attacker.ask('GET', '/session')).status).toBe(401)
  })
})

describe('cross-site request forgery', () => {
  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a page of another port of this machine', { origin: 'http://localhost:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a browser that tells the site, not the origin', { origin: '', 'sec-fetch-site': 'cross-site' }],
    ['nobody who says where from', { origin: '' }],
    [
      'a page of another origin, by a browser that signs in at a proxy',
      { origin: 'https://evil.example', authorization: `Basic ${btoa('mina:secret')}` },
    ],
  ])('is refused from %s, and changes nothing', async (_, headers) => {
    const operator = await house.signIn('operator')
    const { status, body } = await operator.ask('POST', '/brake/pause', {}, headers)
    expect(status).toBe(403)
    expect(body).toMatchObject({ error: { code: 'foreignOrigin' } })
    expect((await operator.ask('GET', '/brake')).body).toMatchObject({ pausedAtSeconds: null })
  })

  it('is refused as a form, which needs nobody’s leave to be sent', async () => {
    const operator = await house.signIn('operator')
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const { status, body } = await operator.ask('POST', '/brake/pause', {}, { 'content-type': type })
      expect(status, type).toBe(400)
      expect(body, type).toMatchObject({ error: { code: 'notJson' } })
    }
  })

  it('reads nothing either: no other origin is let at an answer', async () => {
    const operator = await house.signIn('operator')
    const foreign = { origin: 'https://evil.example' }
    const answers = [
      await operator.ask('GET', '/users', undefined, foreign),
      await operator.ask('OPTIONS', '/users', undefined, {
        ...foreign,
        'access-control-request-method': 'PUT',
      }),
    ]
    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('role escalation', () => {
  type Document = { paths: Record<string, Record<string, { security?: readonly object[] }>> }
  /** What everyone who is signed in may change: of themselves. */
  const ofOneself = /^(put|delete) \/api\/v1\/session$|^\w+ \/api\/v1\/session\//

  /** What only asks, with more than a URL holds. */
  const asking = ['/api/v1/policies/validate', '/api/v1/policies/dry-run']

  async function routes(): Promise<{ method: string; path: string; isPublic: boolean }[]> {
    const { body } = await house.newBrowser().ask<Document>('GET', '/openapi.json')
    return Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { security }]) => ({
        method,
        path,
        isPublic: security?.length === 0,
      })),
    )
  }
  const filled = (path: string): string => path.replace('/api/v1', '').replaceAll(/\{\w+\}/g, '1')

  it('is refused to a viewer by every route that changes something', async () => {
    const viewer = await house.signIn('viewer')
    const changing = (await routes()).filter(
      ({ method, path, isPublic }) =>
        method !== 'get' && !isPublic && !asking.includes(path) && !ofOneself.test(`${method} ${path}`),
    )
    expect(changing.length).toBeGreaterThan(10)
    for (const { method, path } of changing) {
      const { status, body } = await viewer.ask(method.toUpperCase(), filled(path), {})
      expect({ path, status, body }).toMatchObject({ status: 403, body: { error: { code: 'roleTooLow' } } })
    }
  })

  it('is refused to who is not signed in by every route but the ways in', async () => {
    const guarded = (await routes()).filter(({ isPublic }) => !isPublic)
    expect(guarded.length).toBeGreaterThan(20)
    for (const { method, path } of guarded) {
      const { status } = await house.newBrowser().ask(method.toUpperCase(), filled(path))
      expect({ method, path, status }).toMatchObject({ status: 401 })
    }
  })

  it('is refused to an operator who would be admin, or would let one in', async () => {
    const operator = await house.signIn('operator')
    const { id } = operator.session.user
    const attempts = [
      await operator.ask('PUT', `/users/${id}`, { role: 'admin' }),
      await operator.ask('POST', '/users/invitations', { name: 'Me', role: 'admin' }),
      await operator.ask('POST', `/users/${id}/sign-in-link`),
    ]
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403])
    await operator.ask('PUT', '/session', { name: 'Me', role: 'admin' })
    expect((await operator.ask('GET', '/session')).body).toMatchObject({ user: { role: 'operator' } })
  })
})

describe('path traversal', () => {
  it.each([
    '/console/../package.json',
    '/console/../../package.json',
    '/console/assets/../../../package.json',
    '/console/%2e%2e/package.json',
    '/console/%2e%2e%2fpackage.json',
    '/console/..%2f..%2fpackage.json',
    '/console/..%5c..%5cpackage.json',
    '/console/....//package.json',
    '/console//etc/passwd',
    '/console/%00/../package.json',
    '/console/assets/%252e%252e/package.json',
    '/console/%c0%ae%c0%ae/package.json',
  ])('leads nowhere: %s', async path => {
    const { status, text } = await rawGet(path)
    expect(text).not.toMatch(/@worldland-aa|root:/)
    expect(status === 200 ? text : '<!doctype html>').toMatch(/<!doctype html>/i)
  })
})

describe('clickjacking', () => {
  it.each(['/console/', '/console/policies', '/console/none.js', '/api/v1/session', '/api/v1/none'])(
    'is closed: no page may frame %s, nor take it for another type',
    async path => {
      const { headers } = await rawGet(path, { host: new URL(house.origin).host })
      expect(headers['x-frame-options']).toBe('DENY')
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('no-referrer')
    },
  )
})

describe('a stored script', () => {
  const script = '<script>alert(document.domain)</script>'

  it('in a user’s name comes out as the text that it is, of a type that nobody runs', async () => {
    const admin = await house.signIn('admin')
    await admin.ask('PUT', '/session', { name: script })
    for (const path of ['/users', '/audit', '/session', '/audit.csv']) {
      const { body, headers } = await admin.ask('GET', path)
      expect(JSON.stringify(body), path).toContain('alert(document.domain)')
      expect(headers.get('content-type'), path).toMatch(/^(application\/json|text\/csv)/)
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'")
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    }
  })

  it('as a formula is text in the CSV', async () => {
    const admin = await house.signIn('admin')
    await admin.ask('PUT', '/session', { name: '=HYPERLINK("http://evil.example")' })
    await admin.ask('PUT', '/session', { name: 'Admin' })
    const { body } = await admin.ask<string>('GET', '/audit.csv')
    expect(body).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
    expect(body).not.toMatch(/(^|,)"?=HYPERLINK/m)
  })
})

describe('the cookie', () => {
  it('is for https alone, and for this host alone, where the console is on https', async () => {
    const secure = await startHouse(chain, { consoleOrigin: 'https://console.example' })
    try {
      const token = tokenOf(await secure.newLink('admin'))
      const { headers } = await secure
        .newBrowser()
        .ask('POST', '/session/link', { token }, { origin: 'https://console.example' })
      const [cookie] = headers.getSetCookie()
      expect(cookie).toMatch(
        /^__Host-paymaster-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      )
    } finally {
      await secure.stop()
    }
  })
})

describe('guessing', () => {
  it('is slowed down: so many attempts to sign in from one address, and no more', async () => {
    const guessed = await startHouse(chain)
    try {
      const browser = guessed.newBrowser()
      const statuses: number[] = []
      for (let count = 0; count < 45; count++) {
        statuses.push((await browser.ask('POST', '/session/link', { token: 'x'.repeat(43) })).status)
      }
      expect(new Set(statuses)).toEqual(new Set([401, 429]))
    } finally {
      await guessed.stop()
    }
  })
})
