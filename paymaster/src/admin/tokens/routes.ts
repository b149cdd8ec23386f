// Tokens in the admin API: what gas is taken in, at which price, from which sources; added, changed and taken out by
// operators. A source is asked before it is kept, so that a wrong address is seen at once. Revenue is the owner's.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { encodeFunctionData, getAddress } from 'viem'
import { rateOf, toDecimalText } from '../../pricing/oracles/ratio.ts'
import type { AdminEnvironment } from '../adminEnvironment.ts'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, jsonAnswer, jsonBody, refusals } from '../adminRoutes.ts'
import type { AuditLog } from '../auditLog.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import { pageQuerySchema } from '../page.ts'
import { requireRole } from '../requireRole.ts'
import {
  erc20WithdrawalSchema,
  priceSeriesSchema,
  testedSourceSchema,
  testSourceSchema,
  tokenListSchema,
  tokenSchema,
  tokenSettingsSchema,
  withdrawErc20Schema,
} from './schema.ts'
import { createTokenViewer, problemOf, type TokenViewOptions } from './tokenView.ts'

export type TokensRoutesOptions = TokenViewOptions & {
  readonly audit: AuditLog
  readonly live: Pick<LiveUpdates, 'tell'>
}

const daySeconds = 86_400
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
  .transform(value => getAddress(value.toLowerCase()))
const params = z.object({ address })
const tags = ['Tokens']
const operators = requireRole('operator')

const listRoute = createRoute({
  method: 'get',
  path: '/tokens',
  tags,
  summary: 'List the tokens that gas is taken in, the compute token first',
  request: { query: pageQuerySchema },
  responses: { 200: jsonAnswer(tokenListSchema, 'The tokens'), ...refusals(400) },
})
const testRoute = createRoute({
  method: 'post',
  path: '/tokens/test-source',
  tags,
  summary: 'Ask a price source once; nothing is kept',
  middleware: operators,
  request: { body: jsonBody(testSourceSchema) },
  responses: { 200: jsonAnswer(testedSourceSchema, 'What it says'), ...refusals(400, 403) },
})
const showRoute = createRoute({
  method: 'get',
  path: '/tokens/{address}',
  tags,
  summary: 'Show a token',
  request: { params },
  responses: { 200: jsonAnswer(tokenSchema, 'The token'), ...refusals(400, 404) },
})
const pricesRoute = createRoute({
  method: 'get',
  path: '/tokens/{address}/prices',
  tags,
  summary: 'The prices of the last 24 hours, one for five minutes',
  request: { params },
  responses: { 200: jsonAnswer(priceSeriesSchema, 'Oldest first'), ...refusals(400, 404) },
})
const saveRoute = createRoute({
  method: 'put',
  path: '/tokens/{address}',
  tags,
  summary: 'Add a token, or change its settings',
  middleware: operators,
  request: { params, body: jsonBody(tokenSettingsSchema) },
  responses: { 200: jsonAnswer(tokenSchema, 'The token as it is now'), ...refusals(400, 403) },
})
const removeRoute = createRoute({
  method: 'delete',
  path: '/tokens/{address}',
  tags,
  summary: 'Take a token out: nothing more is quoted in it; what was signed stays valid until it expires',
  middleware: operators,
  request: { params },
  responses: { 204: { description: 'It is gone' }, ...refusals(400, 403, 404) },
})
const acceptRoute = createRoute({
  method: 'post',
  path: '/tokens/{address}/accept-price',
  tags,
  summary: 'Take the price that deviates from the one before for good',
  middleware: operators,
  request: { params },
  responses: { 200: jsonAnswer(tokenSchema, 'The token as it is now'), ...refusals(400, 403, 404) },
})
const withdrawalRoute = createRoute({
  method: 'post',
  path: '/tokens/{address}/withdrawal',
  tags,
  summary: "Prepare the owner's transaction that takes revenue in this token",
  middleware: requireRole('admin'),
  request: { params, body: jsonBody(withdrawErc20Schema) },
  responses: {
    200: jsonAnswer(erc20WithdrawalSchema, 'To be signed by the owner'),
    ...refusals(400, 403, 404),
  },
})

const notFound = {
  code: 'notFound' as const,
  message: 'There is no token of this address among those that gas is taken in',
  hint: 'look into the list: GET /api/v1/tokens',
}

export function createTokensRoutes(options: TokensRoutesOptions): OpenAPIHono<AdminEnvironment> {
  const { tokens, audit, live, computeToken, paymaster, now } = options
  const viewer = createTokenViewer(options)
  const routes = createAdminRoutes()
  const find = (wanted: string) => tokens.all().find(token => token.address === wanted)

  routes.openapi(listRoute, async context => {
    const { limit, cursor } = context.req.valid('query')
    const all = [undefined, ...tokens.all()]
    const start = cursor === undefined ? 0 : all.findIndex(token => token?.address === cursor) + 1
    const page = all.slice(start, start + limit)
    const items = await Promise.all(
      page.map(token => (token === undefined ? viewer.computeToken() : viewer.token(token))),
    )
    const nextCursor = start + limit < all.length ? (items.at(-1)?.address ?? null) : null
    return context.json({ items, nextCursor }, 200)
  })

  routes.openapi(testRoute, async context => {
    const { token, source } = context.req.valid('json')
    const tested = await tokens.test(getAddress(token.toLowerCase()), source)
    if (!tested.ok) {
      const problem = problemOf(tested.refusal)
      return context.json({ ok: false, rate: null, tokensPerNative: null, ageSeconds: null, problem }, 200)
    }
    const { ratio, updatedAtSeconds } = tested.value.reading
    const ageSeconds = Math.max(0, now() - updatedAtSeconds)
    const isStale = ageSeconds > source.maxAgeSeconds
    return context.json(
      {
        ok: !isStale,
        rate: String(rateOf(ratio)),
        tokensPerNative: toDecimalText(ratio, tested.value.token.decimals),
        ageSeconds,
        problem: isStale
          ? {
              code: 'priceStale' as const,
              message: `The price is ${ageSeconds} seconds old, and ${source.maxAgeSeconds} are allowed`,
              hint: 'allow a greater age, or take another source',
              says: {
                code: 'stale',
                values: { symbol: tested.value.token.symbol, seconds: String(ageSeconds) },
              },
            }
          : null,
      },
      200,
    )
  })

  routes.openapi(showRoute, async context => {
    const wanted = context.req.valid('param').address
    if (wanted === computeToken.address) return context.json(await viewer.computeToken(), 200)
    const token = find(wanted)
    if (token === undefined) return adminError(context, 404, notFound) as never
    return context.json(await viewer.token(token), 200)
  })

  routes.openapi(pricesRoute, async context => {
    const wanted = context.req.valid('param').address
    const token = find(wanted)
    if (token === undefined) return adminError(context, 404, notFound) as never
    const samples = await tokens.samples.since(wanted, now() - daySeconds)
    const points = samples.map(({ atSeconds, ratio }) => ({
      atSeconds,
      rate: String(rateOf(ratio)),
      tokensPerNative: Number(toDecimalText(ratio, token.decimals)),
    }))
    return context.json({ address: wanted, points }, 200)
  })

  routes.openapi(saveRoute, async context => {
    const wanted = context.req.valid('param').address
    const settings = context.req.valid('json')
    const saved = await tokens.save(wanted, settings)
    if (!saved.ok) {
      return adminError(context, 400, {
        code: 'notTakeable',
        message: saved.refusal.message,
        hint: 'give another address',
        field: 'address',
      }) as never
    }
    await audit.append({ actor: context.var.actor, action: 'token.save', subject: wanted, detail: settings })
    live.tell({ kind: 'price', id: wanted })
    return context.json(await viewer.token(saved.value), 200)
  })

  routes.openapi(removeRoute, async context => {
    const wanted = context.req.valid('param').address
    if (!(await tokens.remove(wanted))) return adminError(context, 404, notFound) as never
    await audit.append({ actor: context.var.actor, action: 'token.remove', subject: wanted })
    live.tell({ kind: 'price', id: wanted })
    return context.body(null, 204)
  })

  routes.openapi(acceptRoute, async context => {
    const wanted = context.req.valid('param').address
    const token = find(wanted)
    const keeper = tokens.keeperOf(wanted)
    if (token === undefined || keeper === undefined) return adminError(context, 404, notFound) as never
    keeper.acceptStep()
    const rate = keeper.view().last?.rate
    const detail = { rate: String(rate ?? '') }
    await audit.append({ actor: context.var.actor, action: 'token.acceptPrice', subject: wanted, detail })
    live.tell({ kind: 'price', id: wanted })
    return context.json(await viewer.token(token), 200)
  })

  routes.openapi(withdrawalRoute, async context => {
    const wanted = context.req.valid('param').address
    if (find(wanted) === undefined) return adminError(context, 404, notFound) as never
    const { recipient, amount } = context.req.valid('json')
    const data = encodeFunctionData({
      abi: computePaymasterAbi,
      functionName: 'withdrawErc20Revenue',
      args: [wanted, getAddress(recipient.toLowerCase()), BigInt(amount)],
    })
    const detail = { recipient, amount }
    await audit.append({
      actor: context.var.actor,
      action: 'token.prepareWithdrawal',
      subject: wanted,
      detail,
    })
    return context.json({ to: paymaster, data, valueWei: '0' }, 200)
  })

  return routes
}
