import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BaseError, createPublicClient, HttpRequestError, type PublicClient, TimeoutError } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { nodeTransport } from './nodeTransport.ts'

type RpcCall = { readonly id: number; readonly method: string }
type Reply = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A node that answers as told; undefined for never. `bodies` are what it was sent. */
async function nodeThat(
  reply: (body: RpcCall | RpcCall[], attempt: number) => Reply | undefined,
  options: { retryCount?: number; batchSize?: number; timeoutMilliseconds?: number } = {},
): Promise<{ client: PublicClient; bodies: (RpcCall | RpcCall[])[] }> {
  const bodies: (RpcCall | RpcCall[])[] = []
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as RpcCall | RpcCall[]
      bodies.push(body)
      const answer = reply(body, bodies.length)
      if (answer === undefined) return
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
      outgoing.writeHead(answer.status ?? 200, answer.headers).end(text)
    })
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-key`
  const transport = nodeTransport(url, {
    timeoutMilliseconds: 5_000,
    retryCount: 0,
    batchSize: 3,
    ...options,
  })
  return { client: createPublicClient({ transport }) as PublicClient, bodies }
}

const answerTo = ({ id, method }: RpcCall): object => ({ jsonrpc: '2.0', id, result: `${method} ${id}` })
const ask = (client: PublicClient, method = 'eth_chainId'): Promise<unknown> =>
  client.request({ method } as never, { dedupe: false })

async function failureOf(asked: Promise<unknown>): Promise<BaseError> {
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof BaseError)) throw new Error('it did not fail as the client fails')
  return error
}
const isA = (error: BaseError, type: typeof HttpRequestError | typeof TimeoutError): boolean =>
  error.walk(cause => cause instanceof type) !== null

describe('calls of one turn of the event loop', () => {
  it('go together, no more in one request than are allowed, and each gets its own answer', async () => {
    const { client, bodies } = await nodeThat(body => ({
      body: Array.isArray(body) ? body.map(answerTo).toReversed() : answerTo(body),
    }))
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(method => ask(client, method)))
    expect(answers).toEqual(['a 0', 'b 1', 'c 2', 'd 0'])
    expect(bodies.map(body => (Array.isArray(body) ? body.length : 'single'))).toEqual([3, 'single'])
  })

  it('fail one by one, as the node says of each', async () => {
    const { client } = await nodeThat(body => ({
      body: (body as RpcCall[]).flatMap(call => {
        if (call.method === 'bad')
          return { id: call.id, error: { code: 3, message: 'reverted', data: '0x1234' } }
        return call.method === 'lost' ? [] : answerTo(call)
      }),
    }))
    const [good, bad, lost] = await Promise.all([
      ask(client, 'good'),
      failureOf(ask(client, 'bad')),
      failureOf(ask(client, 'lost')),
    ])
    expect(good).toBe('good 0')
    expect(bad.details).toBe('reverted')
    expect(bad.walk(cause => (cause as { data?: unknown }).data === '0x1234')).not.toBeNull()
    expect(isA(lost, HttpRequestError)).toBe(true)
  })

  it('all get the one error of a node that takes no batches', async () => {
    const { client } = await nodeThat(() => ({ body: { error: { code: -32600, message: 'no batches' } } }))
    const failures = await Promise.all([failureOf(ask(client)), failureOf(ask(client, 'other'))])
    expect(failures.map(({ details }) => details)).toEqual(['no batches', 'no batches'])
  })
})

describe('a node that does not answer', () => {
  it('is asked again', async () => {
    const { client, bodies } = await nodeThat(
      (body, attempt) =>
        attempt === 1 ? { status: 503, body: 'overloaded' } : { body: answerTo(body as RpcCall) },
      { retryCount: 1 },
    )
    expect(await ask(client)).toBe('eth_chainId 0')
    expect(bodies.length).toBe(2)
  })

  it('is told from one that refuses, and its keys are kept out of the error', async () => {
    const { client } = await nodeThat(() => ({ status: 502, body: '<html>bad gateway</html>' }))
    const failure = await failureOf(ask(client))
    expect(isA(failure, HttpRequestError)).toBe(true)
    expect(failure.message).not.toContain('secret-key')
    const { client: gone } = await nodeThat(() => undefined)
    servers.at(-1)?.close()
    expect(isA(await failureOf(ask(gone)), HttpRequestError)).toBe(true)
  })

  it('is given up after a time', async () => {
    const { client } = await nodeThat(() => undefined, { timeoutMilliseconds: 50 })
    expect(isA(await failureOf(ask(client)), TimeoutError)).toBe(true)
  })

  it('is not believed when it speaks no JSON-RPC', async () => {
    const { client } = await nodeThat(() => ({ body: 'welcome' }))
    expect(isA(await failureOf(ask(client)), HttpRequestError)).toBe(true)
  })
})
