// What is served below /leases: the state of a lease, its logs, its access for holders of rights, its ports, its terminal.
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Address } from 'viem'
import type { DoorEnvironment } from '../../doors/routeGroup.ts'
import type { MachineDriver } from '../../machines/machineDriver.ts'
import type { Outcome } from '../../outcome.ts'
import type { AccessDesk } from '../accessDesk.ts'
import type { Admission, Admitted } from '../admission.ts'
import type { Guests } from '../guests.ts'
import type { Holders } from '../holder.ts'
import type { LeaseReader } from '../leaseFacts.ts'
import { portCookie } from '../ports/portCookie.ts'
import type { PortGate } from '../ports/portGate.ts'
import { portPathOf } from '../ports/portPath.ts'
import { proxyToPort } from '../ports/portProxy.ts'
import { readAssets } from './assets.ts'
import { answerLogs } from './logs.ts'
import { enterPage, pageHeaders, terminalPage } from './pages.ts'

export type AccessAppOptions = {
  /** InstanceLease. */
  readonly market: Address
  readonly admission: Admission
  readonly holders: Holders
  readonly desk: Pick<AccessDesk, 'ask'>
  readonly gate: PortGate
  readonly guests: Guests
  readonly facts: LeaseReader['facts']
  readonly driver: Pick<MachineDriver, 'logs'>
  readonly publicUrl: () => string
}

type Call = Context<DoorEnvironment>

const idPattern = /^[1-9][0-9]{0,28}$/

export function createAccessApp(options: AccessAppOptions): Hono<DoorEnvironment> {
  const { market, admission, holders, desk, gate, guests, facts, publicUrl } = options
  const assets = readAssets()
  const app = new Hono<DoorEnvironment>()
  // Pages of anybody's may ask with a statement or a token in a header; a cookie opens none of these.
  const fromAnywhere = cors({ origin: '*', allowHeaders: ['authorization'], maxAge: 86_400 })
  for (const path of ['/:id', '/:id/access', '/:id/logs']) app.use(path, fromAnywhere)

  app.get('/assets/:name', call => {
    const asset = assets.get(call.req.param('name'))
    if (asset === undefined) return refusal(404, 'There is no such file')
    const headers = {
      'content-type': asset.type,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    }
    return new Response(asset.body, { headers })
  })

  app.get('/:id', async call => {
    const leaseId = leaseIdOf(call)
    const known = leaseId === undefined ? undefined : await facts(leaseId)
    return known === undefined ? refusal(404, notHere) : json(200, known)
  })

  app.post('/:id/access', async call => {
    const leaseId = leaseIdOf(call)
    if (leaseId === undefined) return refusal(404, notHere)
    const judged = await holders.holderOf(call.req.raw, { market, agreementId: leaseId, purpose: 'access' })
    if (!judged.ok) return refusal(judged.refusal.status, judged.refusal.message)
    const { user, key, detail } = judged.value
    const asked = await desk.ask({ leaseId, user, key, ...(detail !== '' && { sshPublicKey: detail }) })
    return asked.ok ? json(200, asked.value) : refusal(asked.refusal.status, asked.refusal.message)
  })

  /** By the token of an access, or by a statement. */
  async function mayRead(
    call: Call,
    leaseId: bigint,
  ): Promise<Outcome<Admitted, { status: number; message: string }>> {
    const token = /^Bearer +([A-Za-z0-9_-]{1,64})$/i.exec(call.req.header('authorization') ?? '')?.[1]
    if (token !== undefined) return await admission.admit(leaseId, { token })
    const wanted = { market, agreementId: leaseId, purpose: 'logs', isReusable: true }
    const judged = await holders.holderOf(call.req.raw, wanted)
    return judged.ok ? { ok: true, value: { leaseId, user: judged.value.user } } : judged
  }

  app.get('/:id/logs', async call => {
    const leaseId = leaseIdOf(call)
    if (leaseId === undefined || (await facts(leaseId)) === undefined) return refusal(404, notHere)
    const may = await mayRead(call, leaseId)
    if (!may.ok) return refusal(may.refusal.status, may.refusal.message)
    return answerLogs(may.value, name => call.req.query(name), options) ?? refusal(429, tooMany)
  })

  app.get('/:id/terminal', call => {
    const leaseId = leaseIdOf(call)
    if (leaseId === undefined) return refusal(404, notHere)
    return new Response(terminalPage(leaseId), { headers: pageHeaders })
  })

  app.post('/:id/browser', async call => {
    const leaseId = leaseIdOf(call)
    const token = /^Bearer +([A-Za-z0-9_-]{1,64})$/i.exec(call.req.header('authorization') ?? '')?.[1]
    if (leaseId === undefined || token === undefined) return refusal(401, 'Give the token of the access')
    const admitted = await admission.admit(leaseId, { token })
    if (!admitted.ok) return refusal(admitted.refusal.status, admitted.refusal.message)
    const isSecure = publicUrl().startsWith('https:')
    return json(200, {}, { 'set-cookie': portCookie(leaseId, token, { isSecure }) })
  })

  app.all('/:id/ports/*', async call => {
    const { incoming, outgoing } = call.env
    const judged = await gate(incoming)
    if (judged.ok) {
      await proxyToPort(judged.value, incoming, outgoing, { guests, publicUrl })
      return RESPONSE_ALREADY_SENT
    }
    const { status, message } = judged.refusal
    const path = portPathOf(incoming.url ?? '')
    // A person who opens the address: the page takes the token from behind the #, which no server sees.
    const isPerson = incoming.method === 'GET' && call.req.header('accept')?.includes('text/html') === true
    if (status === 401 && isPerson && path !== undefined) {
      return new Response(enterPage(path.leaseId), { status: 401, headers: pageHeaders })
    }
    return refusal(status, message)
  })
  return app
}

const notHere = 'No machine of this lease is served here: is it the right provider, and ready?'
const tooMany = 'Too many connections into this machine: close some'

function leaseIdOf(call: Call): bigint | undefined {
  const id = call.req.param('id') ?? ''
  return idPattern.test(id) ? BigInt(id) : undefined
}

function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  const all = { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }
  return new Response(JSON.stringify(value), { status, headers: all })
}

function refusal(status: number, error: string): Response {
  return json(status, { error }, status === 401 ? { 'www-authenticate': 'Worldland, Bearer' } : {})
}
