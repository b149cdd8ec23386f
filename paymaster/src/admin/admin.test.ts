// The house from within: who is let in, what each sees and changes, and what is written down of it.
import { readFileSync } from 'node:fs'
import { askDaemon } from '@worldland-aa/service/control/askDaemon'
import { controlPathOf } from '@worldland-aa/service/control/controlSocket'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Chain, startChain } from '../testing/startChain.ts'
import type { Session } from './session/schema.ts'
import type { SettingList } from './settings/schema.ts'
import { type House, startHouse, tokenOf } from './testing/startHouse.ts'

let chain: Chain
let house: House

beforeAll(async () => {
  chain = await startChain()
  house = await startHouse(chain, { rpcUrl: `${chain.anvil.url}/?key=a-key-of-the-node` })
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

type Event = { readonly event: string; readonly data: unknown }

/** Events as they come, until the stream ends. */
async function* listen(cookie: string, url = house.url): AsyncGenerator<Event> {
  const response = await fetch(`${url}/api/v1/live`, { headers: { cookie } })
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map(line => line.split(/: (.*)/s) as [string, string]),
      )
      text = text.slice(end + 2)
      yield { event: fields.get('event') ?? '', data: JSON.parse(fields.get('data') ?? 'null') }
    }
  }
}

async function next(events: AsyncGenerator<Event>, event: string, kind?: string): Promise<Event> {
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw new Error('the stream has ended')
    if (value.event === event && (kind === undefined || (value.data as { kind: string }).kind === kind))
      return value
  }
}

describe('users', () => {
  it('are invited by an admin by a link that is told once, with a role', async () => {
    const admin = await house.signIn('admin')
    const invited = await admin.ask<{ url: string }>('POST', '/users/invitations', {
      name: 'Mina',
      role: 'viewer',
    })
    const { body: open } = await admin.ask<{ items: object[] }>('GET', '/users/invitations')
    expect(JSON.stringify(open)).toContain('Mina')
    expect(JSON.stringify(open)).not.toContain(tokenOf(invited.body.url))
    const mina = house.newBrowser()
    const { body } = await mina.ask<Session>('POST', '/session/link', { token: tokenOf(invited.body.url) })
    expect(body.user).toMatchObject({ name: 'Mina', role: 'viewer' })
    const changed = await admin.ask('PUT', `/users/${body.user.id}`, { role: 'operator' })
    expect(changed.body).toMatchObject({ role: 'operator', openSessions: 0 })
    expect((await mina.ask('GET', '/session')).status).toBe(401)
  })

  it('come in again by a link of their own when they have lost every way in, and are gone when removed', async () => {
    const admin = await house.signIn('admin')
    const { session } = await house.signIn('operator')
    const { id } = session.user
    const link = await admin.ask<{ url: string }>('POST', `/users/${id}/sign-in-link`)
    const again = house.newBrowser()
    const { body } = await again.ask<Session>('POST', '/session/link', { token: tokenOf(link.body.url) })
    expect(body.user.id).toBe(id)
    expect((await admin.ask('DELETE', `/users/${id}`)).status).toBe(204)
    expect((await again.ask('GET', '/session')).status).toBe(401)
    expect((await admin.ask('DELETE', `/users/${id}`)).body).toMatchObject({ error: { code: 'noSuchUser' } })
  })

  it('end their sessions, one by one, and an admin ends anyone’s', async () => {
    const admin = await house.signIn('admin')
    const user = await house.signIn('viewer')
    const { id, session } = { id: user.session.user.id, session: user.session.session.id }
    expect((await admin.ask('GET', `/users/${id}/sessions`)).body).toMatchObject({ items: [{ id: session }] })
    expect((await admin.ask('DELETE', `/users/${id}/sessions/${session}`)).status).toBe(204)
    expect((await user.ask('GET', '/session')).status).toBe(401)
    expect((await admin.ask('DELETE', '/session')).status).toBe(204)
    expect((await admin.ask('GET', '/session')).status).toBe(401)
  })
})

describe('the brake', () => {
  it('is what the control socket has: the one sees what the other did, and each is written down', async () => {
    const operator = await house.signIn('operator')
    expect((await operator.ask('POST', '/brake/pause')).body).toMatchObject({
      message: expect.stringContaining('Paused'),
      brake: { pausedAtSeconds: expect.any(Number) },
    })
    const path = controlPathOf(house.config.dataFile)
    expect((await askDaemon(path, { command: 'status' })).message).toContain('paused since')
    await askDaemon(path, { command: 'resume' })
    expect((await operator.ask('GET', '/brake')).body).toMatchObject({ pausedAtSeconds: null })
    const { body } = await operator.ask<{ items: object[] }>('GET', '/audit?action=brake.&limit=2')
    expect(body.items).toMatchObject([
      { action: 'brake.resume', actorName: 'shell' },
      { action: 'brake.pause', actorName: 'Operator' },
    ])
  })

  it('names who is no account and no address', async () => {
    const operator = await house.signIn('operator')
    expect(await operator.ask('POST', '/brake/block', { who: '0x12' })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('"0x12" is neither an account'), field: 'who' } },
    })
    expect((await operator.ask('POST', '/brake/block', {})).body).toMatchObject({ error: { field: 'who' } })
  })
})

describe('behind a proxy with a sign-in of its own', () => {
  it('the console’s session counts, and not what the browser sends for the proxy', async () => {
    const viewer = await house.signIn('viewer')
    const headers = { authorization: `Basic ${btoa('mina:secret')}` }
    expect((await viewer.ask('GET', '/session', undefined, headers)).status).toBe(200)
    const key = { authorization: 'Bearer wlp_unknown' }
    expect((await viewer.ask('GET', '/session', undefined, key)).body).toMatchObject({
      error: { code: 'keyRefused' },
    })
  })
})

describe('settings', () => {
  it('are told with what they mean, and secrets only as set or not', async () => {
    const viewer = await house.signIn('viewer')
    const { body } = await viewer.ask<SettingList>('GET', '/settings')
    const settings = body.groups.flatMap(group => group.settings)
    const setting = (name: string) => settings.find(item => item.name === name)
    expect(setting('markupBps')).toMatchObject({
      value: '1000',
      isDefault: true,
      flag: '--markup-bps',
      variable: 'WORLDLAND_PAYMASTER_MARKUP_BPS',
    })
    expect(setting('signerKey')).toMatchObject({ isSecret: true, isSet: true, value: null })
    expect(setting('treasuryKey')).toMatchObject({ isSecret: true, isSet: false })
    expect(setting('rpcUrl')?.value).toBe(`${chain.anvil.url}/…`)
    const told = JSON.stringify(body)
    for (const secret of [chain.signerKey, 'a-key-of-the-node']) expect(told).not.toContain(secret)
  })
})

describe('what is told live', () => {
  it('comes to an open console as it happens, and ends with its session', async () => {
    const operator = await house.signIn('operator')
    const events = listen(operator.cookie() ?? '')
    await next(events, 'beat')
    await operator.ask('POST', '/brake/resume')
    await next(events, 'update', 'brake')
    await operator.ask('DELETE', '/session')
    await next(events, 'ended')
    expect((await events.next()).done).toBe(true)
  })

  it('ends with the service, which no open console holds up', async () => {
    const ending = await startHouse(chain)
    const viewer = await ending.signIn('viewer')
    const events = listen(viewer.cookie() ?? '', ending.url)
    expect(await next(events, 'beat')).toEqual({ event: 'beat', data: {} })
    await ending.stop()
    expect((await events.next()).done).toBe(true)
  })
})

describe('the data file', () => {
  it('holds no token of a link or a session', async () => {
    const link = await house.newLink('viewer')
    const viewer = await house.signIn('viewer')
    const { dataFile } = house.config
    const bytes = Buffer.concat([readFileSync(dataFile), readFileSync(`${dataFile}-wal`)]).toString('latin1')
    for (const token of [tokenOf(link), viewer.cookie()?.split('=')[1] ?? '']) {
      expect(token).toHaveLength(43)
      expect(bytes.includes(token)).toBe(false)
    }
  })
})

describe('where the admin side is off', () => {
  it('neither console nor API is there, and the shell is told how to have them', async () => {
    const closed = await startHouse(chain, { admin: 'off' })
    try {
      for (const path of ['/console/', '/api/v1/health']) {
        expect((await fetch(closed.url + path)).status, path).toBe(404)
      }
      await expect(closed.newLink('admin')).rejects.toThrow(/--admin on/)
    } finally {
      await closed.stop()
    }
  })
})

describe('where nobody said for whom the admin side is', () => {
  it('is for this machine, and not for who comes through a proxy', async () => {
    const home = await startHouse(chain, { admin: 'auto' })
    try {
      for (const path of ['/console/none.js', '/api/v1/health']) {
        const ask = async (headers: Record<string, string>) =>
          (await fetch(home.url + path, { headers })).status
        expect(await ask({}), path).not.toBe(403)
        expect(await ask({ 'x-forwarded-for': '127.0.0.1' }), path).not.toBe(403)
        expect(await ask({ 'x-forwarded-for': '127.0.0.1, 198.51.100.7' }), path).toBe(403)
        expect(await ask({ forwarded: 'for=198.51.100.7' }), path).toBe(403)
      }
    } finally {
      await home.stop()
    }
  })
})
