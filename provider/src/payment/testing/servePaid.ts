// A server of tests that is paid: `/v2/:endpoint/runsync` adds up numbers, and books as many milliseconds as its caller says
// that it took.
import { randomBytes } from 'node:crypto'
import { serve } from '@hono/node-server'
import { Outage } from '@worldland-aa/service/outage'
import { Hono } from 'hono'
import type { DoorEnvironment, RouteGroup } from '../../doors/routeGroup.ts'
import type { PaidEndpoint, PaymentGate, PaymentRefusal } from '../paymentGate.ts'

export type PaidDoor = { readonly url: string; stop(): Promise<void> }

type Sum = { readonly input: { readonly numbers: readonly number[]; readonly milliseconds?: number } }

export async function servePaid(options: {
  readonly gate: PaymentGate
  readonly routes: RouteGroup
  readonly endpoint: PaidEndpoint
}): Promise<PaidDoor> {
  const { gate, routes, endpoint } = options
  const run = randomBytes(4).toString('hex')
  let jobs = 0
  const refuse = ({ status, headers, body }: PaymentRefusal): Response =>
    Response.json(body, { status, headers: { ...headers } })

  const app = new Hono<DoorEnvironment>()
  // As the daemon's door does.
  app.onError(error => {
    if (error instanceof Outage) return Response.json({ error: error.toCaller }, { status: 503 })
    throw error
  })
  app.route(routes.path, routes.app)
  app.post('/v2/:endpoint/runsync', async ({ req }) => {
    const admitted = await gate.admit(req.raw, endpoint)
    if (!admitted.ok) return refuse(admitted.refusal)
    const { numbers, milliseconds = 0 } = ((await req.json()) as Sum).input
    const { payer, headers, saved } = admitted.value
    const jobId = `${run}-${++jobs}`
    gate.began(payer, { jobId, ranMilliseconds: 0 })
    await Promise.all([saved, gate.finished(payer, { jobId, usedMilliseconds: milliseconds })])
    const output = { sum: numbers.reduce((sum, one) => sum + one, 0) }
    return Response.json({ id: jobId, status: 'COMPLETED', output }, { headers: { ...headers } })
  })
  app.get('/v2/:endpoint/status', async ({ req }) => {
    const known = await gate.identify(req.raw, endpoint)
    return known.ok ? Response.json({ lane: known.value.lane }) : refuse(known.refusal)
  })
  const server = await new Promise<ReturnType<typeof serve>>(resolve => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(started))
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await new Promise(resolve => server.close(resolve))
    },
  }
}
