// JSON-RPC to the node. What is asked in one turn of the event loop goes in one request at its end. (viem's own
// transport builds two web requests, streams and timers around each, which take longer than most calls.)
import { custom, HttpRequestError, RpcRequestError, TimeoutError, type Transport } from 'viem'
import { createPoster, type Posted, TimeoutExceeded } from './poster.ts'

export type NodeTransportOptions = {
  readonly timeoutMilliseconds: number
  /** After the first attempt, where the node did not answer. */
  readonly retryCount: number
  /** Most calls in one request. */
  readonly batchSize: number
}

type Call = { readonly method: string; readonly params?: unknown }
type Body = Record<string, unknown> | Record<string, unknown>[]
type Waiting = {
  readonly call: Call
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}
type RpcError = { readonly code: number; readonly message: string; readonly data?: unknown }
type Answer = { readonly id?: unknown; readonly result?: unknown; readonly error?: RpcError }

export function nodeTransport(rpcUrl: string, options: NodeTransportOptions): Transport {
  const post = createPoster(rpcUrl, options.timeoutMilliseconds)
  // The origin only: addresses of nodes carry API keys in their path or query.
  const url = new URL(rpcUrl).origin
  let waiting: Waiting[] = []

  function request({ method, params }: Call): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askAll)
      waiting.push({ call: { method, params }, resolve, reject })
    })
  }

  function askAll(): void {
    const all = waiting
    waiting = []
    for (let start = 0; start < all.length; start += options.batchSize) {
      void askTogether(all.slice(start, start + options.batchSize))
    }
  }

  async function askTogether(batch: readonly Waiting[]): Promise<void> {
    const calls = batch.map(({ call }, id) => ({ jsonrpc: '2.0', id, ...call }))
    const body: Body = calls.length === 1 ? { ...calls[0] } : calls
    try {
      const answers = read(await send(body), body)
      for (const [id, { call, resolve, reject }] of batch.entries()) {
        const answer = Array.isArray(answers) ? answers.find(one => one.id === id) : answers
        if (answer === undefined) {
          reject(new HttpRequestError({ body: call, details: 'a call of a batch was left unanswered', url }))
        } else if (answer.error) reject(new RpcRequestError({ body: call, error: answer.error, url }))
        else resolve(answer.result)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error as Error)
    }
  }

  async function send(body: Body): Promise<Posted> {
    try {
      return await post(JSON.stringify(body))
    } catch (error) {
      if (error instanceof TimeoutExceeded) throw new TimeoutError({ body, url })
      throw new HttpRequestError({ body, url, cause: error as Error })
    }
  }

  /** A lone error, as of a node that takes no batch or too many calls, is the answer to all that was asked. */
  function read({ status, retryAfter, text }: Posted, body: Body): Answer | readonly Answer[] {
    const answer = parse(text)
    if (!Array.isArray(answer) && typeof answer?.error?.code === 'number') return answer
    const isWhole = Array.isArray(answer) ? Array.isArray(body) : answer !== undefined && !Array.isArray(body)
    if (status === 200 && isWhole) return answer as Answer
    throw new HttpRequestError({
      body,
      details: text.slice(0, 200),
      status,
      url,
      ...(retryAfter !== undefined && { headers: new Headers({ 'Retry-After': retryAfter }) }),
    })
  }

  return custom({ request }, { key: 'node', name: 'the node', retryCount: options.retryCount })
}

function parse(text: string): Answer | Answer[] | undefined {
  try {
    return JSON.parse(text) as Answer | Answer[]
  } catch {
    return undefined
  }
}
