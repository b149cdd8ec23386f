// A shell in the machine by the web: over its WebSocket as a program would, and as a person in Chromium.
import { once } from 'node:events'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startBrowser } from '../../scripts/console/openConsole.ts'
import { findBrowser } from '../../scripts/release/findBrowser.ts'
import { seriousProblems } from '../browser/consoleStage.ts'
import { type AccessStage, startAccessStage } from '../support/accessStage.ts'
import { connectSsh } from '../support/sshClient.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: AccessStage
beforeAll(async () => {
  stage = await startAccessStage(folder)
})
afterAll(async () => {
  await stage.stop()
})

const addressOf = (leaseId: bigint) => `${stage.url}/leases/${leaseId}/terminal`

/** What it was told and shown until it was closed. */
type Shown = { readonly socket: WebSocket; text(): string; readonly closed: Promise<string> }

async function openTerminal(leaseId: bigint, first: object | string, origin = stage.url): Promise<Shown> {
  const socket = new WebSocket(`${addressOf(leaseId).replace('http', 'ws')}/socket`, { origin })
  let text = ''
  let why = ''
  socket.on('message', (data, isBinary) => {
    if (isBinary) text += data
    else why = JSON.parse(data.toString()).why ?? why
  })
  const closed = once(socket, 'close').then(() => why)
  await once(socket, 'open')
  socket.send(typeof first === 'string' ? first : JSON.stringify(first))
  return { socket, text: () => text, closed }
}

const size = { columns: 80, rows: 24 }
const keys = (text: string): string => JSON.stringify({ kind: 'keys', text })

describe('the terminal', () => {
  it('opens once by the password, which SSH then does not take either', async () => {
    const { leaseId, access } = await stage.serve()
    const secret = access.ssh?.password ?? ''
    const shell = await openTerminal(leaseId, { secret, ...size })
    shell.socket.send(JSON.stringify({ kind: 'size', columns: 91, rows: 31 }))
    // The size is set beside the shell, which may be sooner.
    shell.socket.send(keys('until [ "$(stty size)" = "31 91" ]; do sleep 0.1; done; stty size; exit\r'))
    expect(await shell.closed).toBe('The shell has ended')
    expect(shell.text()).toContain('31 91')
    expect(await (await openTerminal(leaseId, { secret, ...size })).closed).toContain('opens nothing')
    if (access.ssh === undefined) throw new Error('There is no SSH in the access')
    await expect(connectSsh(access.ssh)).rejects.toThrow('failed')
  })

  it('opens again by the token, and closes within a block when the right has ended', async () => {
    const { leaseId, access } = await stage.serve()
    const shell = await openTerminal(leaseId, { secret: access.token, ...size })
    shell.socket.send(keys('echo $((40+2))\r'))
    await expect.poll(shell.text).toContain('42')
    const { contracts, payer } = stage.market
    await stage.market.send(payer, stopLease.calls({ contracts, leaseId, state: 'ready' }))
    await stage.nextBlock()
    expect(await shell.closed).toContain('right to this lease has ended')
    expect(await (await openTerminal(leaseId, { secret: access.token, ...size })).closed).toContain(
      'no longer holds',
    )
  })

  it('attack: a page of another origin gets no socket, even with the secret', async () => {
    const { leaseId, access } = await stage.serve()
    const socket = new WebSocket(`${addressOf(leaseId).replace('http', 'ws')}/socket`, {
      origin: 'https://evil.example',
    })
    const [error] = await once(socket, 'error')
    expect(error.message).toContain('403')
    const without = new WebSocket(`${addressOf(leaseId).replace('http', 'ws')}/socket`)
    expect((await once(without, 'error'))[0].message).toContain('403')
    expect(access.token).toBeDefined()
  })

  it('attack: the secret of another lease, none, or what is no message at all opens nothing', async () => {
    const { leaseId } = await stage.serve()
    const other = await stage.serve()
    expect(await (await openTerminal(leaseId, { secret: other.access.token, ...size })).closed).toContain(
      'opens nothing',
    )
    for (const first of [
      'x',
      '{}',
      JSON.stringify({ secret: '', ...size }),
      JSON.stringify({ secret: 'a', columns: 1e9, rows: 1 }),
    ]) {
      expect(await (await openTerminal(leaseId, first)).closed).toContain('The first message')
    }
    const flooding = await openTerminal(leaseId, 'x'.repeat(100_000))
    expect(await flooding.closed).toBe('')
  })

  it('attack: a message in ever more pieces is broken off, before anybody has shown a secret', async () => {
    const { leaseId } = await stage.serve()
    const socket = new WebSocket(`${addressOf(leaseId).replace('http', 'ws')}/socket`, { origin: stage.url })
    socket.on('error', () => undefined)
    const closed = once(socket, 'close')
    await once(socket, 'open')
    for (let piece = 0; piece < 65; piece++) socket.send('', { fin: false })
    expect((await closed)[0]).toBe(1008)
  })

  it('attack: a message that is none ends the shell, and so does a page that goes', async () => {
    const { leaseId, access } = await stage.serve()
    const shell = await openTerminal(leaseId, { secret: access.token, ...size })
    shell.socket.send(keys('echo begun; trap "" HUP; cat\r'))
    await expect.poll(shell.text).toContain('begun\r\n')
    shell.socket.send(JSON.stringify({ kind: 'run', command: 'x' }))
    await shell.closed
  })
})

const program = findBrowser() ?? ''
describe.skipIf(program === '')('the page of the terminal in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser(program)
  })
  afterAll(async () => {
    await browser?.close()
  })

  it('asks for the secret, runs commands, and shows hostile output as text', async () => {
    const { leaseId, access } = await stage.serve()
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', error => complaints.push(error.message))
    page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
    await page.goto(addressOf(leaseId))
    expect(await seriousProblems(page)).toEqual([])
    await page.getByLabel('Password (good once) or token of your access').fill(access.token ?? '')
    await page.getByRole('button', { name: 'Open' }).click()
    const screen = page.getByRole('log')
    await page.getByText('Open. Control').waitFor()
    await screen.press('a')
    await page.keyboard.type(` 2>/dev/null; echo $((6*7)) '<img src=x onerror="document.title=1">'`)
    await page.keyboard.press('Enter')
    await screen.getByText('42 <img').waitFor()
    await page.keyboard.type(`printf '\\033]0;owned\\007\\033[31mred\\033[0m\\n'`)
    await page.keyboard.press('Enter')
    await screen.getByText('red', { exact: true }).waitFor()
    expect(await page.title()).toBe(`Terminal of lease ${leaseId}`)
    expect(await page.locator('#screen img').count()).toBe(0)
    expect(await seriousProblems(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  it("opens a machine's port by a link with the token behind the #, and takes it out of the address", async () => {
    const script = `require('http').createServer((i, o) => o.end('hello page')).listen(process.env.PORT_8000, '127.0.0.1')`
    const { leaseId, access } = await stage.serve({
      ports: [8000],
      command: [process.execPath, '-e', script],
    })
    const base = `${stage.url}/leases/${leaseId}/ports/8000/`
    const headers = { authorization: `Bearer ${access.token}` }
    await expect.poll(async () => (await fetch(base, { headers })).status).toBe(200)
    const page = await browser.newPage()
    await page.goto(`${base}#token=${access.token}`)
    await page.getByText('hello page').waitFor()
    expect(page.url()).toBe(base)
    await page.close()
  })
})
