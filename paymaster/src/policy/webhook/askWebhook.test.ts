// A policy's webhook: signed so that any Standard Webhooks library knows it, and whatever is not a plain yes is a no.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it } from 'vitest'
import { operationOf, policyOf } from '../testing/question.ts'
import { createWebhookJudge } from './askWebhook.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
let server: Server | undefined
let problems: string[] = []
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
  problems = []
})

type Heard = { readonly headers: Record<string, string>; readonly body: string }

async function serve(answer: (response: ServerResponse) => void): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      heard.push({ headers: request.headers as Record<string, string>, body })
      answer(response)
    })
  })
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/decide`, heard }
}

async function ask(
  url: string,
  options: { allowPrivateNetworks?: boolean; secrets?: Record<string, string>; patience?: number } = {},
) {
  const { allowPrivateNetworks = true, secrets = { loans: secret }, patience = 10_000 } = options
  const judge = createWebhookJudge({
    chainId: 103,
    entryPoint: entryPoint07Address,
    secrets: { secretOf: name => secrets[name] },
    rules: { allowPrivateNetworks },
    onProblem: (_, problem) => problems.push(problem),
  })
  const policy = policyOf({ webhook: { url, secret: 'loans', timeoutMilliseconds: patience } })
  const answer = await judge({ policy, operation: operationOf([]), apiKeyId: 'key_1' })
  if (answer === undefined) throw new Error('nobody was asked')
  return answer.ok
    ? { said: answer.value }
    : { reason: (answer.refusal.data as { reason: string }).reason, message: answer.refusal.message }
}

const saying =
  (text: string, status = 200) =>
  (response: ServerResponse) =>
    void response.writeHead(status).end(text)

describe("a policy's webhook", () => {
  it('is told who asks for what, signed, and says yes', async () => {
    const { url, heard } = await serve(saying('{"sponsor": true, "reason": "a good customer"}'))
    expect(await ask(url)).toEqual({ said: 'a good customer' })
    const [request] = heard
    if (request === undefined) throw new Error('it was not asked')
    const body = new Webhook(secret).verify(request.body, request.headers) as Record<string, unknown>
    expect(body).toMatchObject({
      chainId: 103,
      entryPoint: entryPoint07Address,
      policyId: 'demo',
      apiKey: 'key_1',
    })
    expect(body.userOperation).toMatchObject({ nonce: '0x0', callData: operationOf([]).callData })
    const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`)
    expect(() => other.verify(request.body, request.headers)).toThrow()
  })

  it('says no, with its reason', async () => {
    const { url } = await serve(saying('{"sponsor": false, "reason": "no credit left"}'))
    expect(await ask(url)).toMatchObject({
      reason: 'webhookRefused',
      message: expect.stringContaining('no credit left'),
    })
    expect(problems).toEqual([])
  })

  it.each([
    ['an error', saying('{"sponsor": true}', 500)],
    [
      'another page',
      (response: ServerResponse) => void response.writeHead(302, { location: 'http://127.0.0.1/' }).end(),
    ],
    ['no JSON', saying('yes')],
    ['something like a yes', saying('{"sponsor": "true"}')],
    ['nothing', saying('')],
    ['too much', saying(`{"sponsor": true, "reason": "", "more": "${'x'.repeat(10_000)}"}`)],
    ['silence', () => undefined],
    ['half an answer', (response: ServerResponse) => void response.write('{"sponsor": true')],
    ['a broken line', (response: ServerResponse) => void response.destroy()],
  ])('that answers with %s is a no, and the operator hears why', async (_, answer) => {
    const { url } = await serve(answer)
    expect(await ask(url, { patience: 500 })).toMatchObject({ reason: 'webhookRefused' })
    expect(problems).toHaveLength(1)
  })

  it('is not asked at a private address unless the operator says so, nor without its secret', async () => {
    const { url, heard } = await serve(saying('{"sponsor": true}'))
    expect(await ask(url, { allowPrivateNetworks: false })).toMatchObject({ reason: 'webhookRefused' })
    expect(await ask(url, { secrets: {} })).toMatchObject({ reason: 'webhookRefused' })
    expect(heard).toEqual([])
    expect(problems.join()).toContain('there is no secret "loans"')
    expect(problems.join()).not.toContain(secret)
  })
})
