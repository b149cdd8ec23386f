// `/payments`: a place to sign ahead while a request is under way, and to ask how one's lane stands. Nothing here costs.
import { voucherHeaders } from '@worldland-aa/sdk/serving/voucherWire'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import type { DoorEnvironment, RouteGroup } from '../doors/routeGroup.ts'
import type { LaneBook } from './laneBook.ts'
import { owedWei } from './owed.ts'
import type { PaidEndpoint, PaymentGate } from './paymentGate.ts'

const endpointForm = /^[a-z0-9][a-z0-9-]{0,31}$/

export function createVoucherRoutes(options: {
  readonly gate: Pick<PaymentGate, 'admit'>
  readonly book: Pick<LaneBook, 'get' | 'durable'>
  /** Undefined: there is no such endpoint. */
  readonly endpointOf: (endpointId: string) => Omit<PaidEndpoint, 'reserveSeconds'> | undefined
}): RouteGroup {
  const { gate, book, endpointOf } = options
  const app = new Hono<DoorEnvironment>()
  app.use(
    cors({
      origin: '*',
      exposeHeaders: [voucherHeaders.required, voucherHeaders.response, voucherHeaders.laneToken],
    }),
  )
  app.post('/:endpoint/vouchers', bodyLimit({ maxSize: 1_024 }), async context => {
    const id = context.req.param('endpoint')
    const endpoint = endpointForm.test(id) ? endpointOf(id) : undefined
    if (endpoint === undefined) return context.json({ error: 'This provider has no such endpoint' }, 404)
    // What comes here is taken, whatever else is still to be signed; who wants to be ahead is told what it takes.
    const ahead = context.req.query('ahead') ?? '0'
    if (!/^\d{1,4}$/.test(ahead))
      return context.json({ error: 'ahead must be whole seconds, at most 9999' }, 400)
    const admitted = await gate.admit(context.req.raw, { ...endpoint, reserveSeconds: Number(ahead) })
    if (!admitted.ok) {
      const { status, headers, body } = admitted.refusal
      return context.json(body as object, status, { ...headers })
    }
    const { payer, headers } = admitted.value
    await book.durable(payer.lane)
    const account = book.get(payer.lane)
    if (account === undefined) return context.json({ error: 'Nothing is signed for this right' }, 403)
    return context.json(
      {
        sessionId: payer.sessionId.toString(),
        rightId: payer.rightId.toString(),
        signedWei: account.signed.voucher.cumulativeWei.toString(),
        owedWei: owedWei(account.usedMilliseconds, account.pricePerSecondWei).toString(),
        sequence: account.signed.voucher.sequence.toString(),
        units: account.signed.voucher.units.toString(),
      },
      200,
      { ...headers },
    )
  })
  return { path: '/payments', app, maxBodyBytes: 1_024 }
}
