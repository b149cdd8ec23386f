// Takes one JSON-RPC body, single or batch, to its answer. Calls of a batch run side by side,
// a few at a time, so that one client cannot hold every stage behind the door.
import { z } from 'zod'
import type { Logger } from '../logger.ts'
import { Outage } from '../outage.ts'
import { accept, type Result, refuse } from '../result.ts'
import { ExactNumber, restoreIds } from './exactIds.ts'
import { beyondBounds } from './jsonShape.ts'
import {
  type CallContext,
  type RequestId,
  type RpcErrorBody,
  type RpcMethods,
  type RpcResponse,
  rpcErrorCode,
} from './protocol.ts'

export type CallObserver = (call: { method: string; seconds: number; outcome: string }) => void

export type DispatcherOptions = {
  readonly methods: RpcMethods
  readonly maxBatchLength: number
  readonly batchConcurrency: number
  readonly logger: Logger
  readonly onCall?: CallObserver
}

export type Dispatcher = {
  /**
   * The answer to `body` (text), or null when it held notifications only.
   * `admit` is asked once with the number of calls and may turn them all away.
   */
  handle(
    body: string,
    context: CallContext,
    admit?: (calls: number) => boolean,
  ): Promise<RpcResponse | RpcResponse[] | null>
}

const envelope = z.object({
  jsonrpc: z.literal('2.0', 'must be "2.0"'),
  method: z.string('must be a string').max(128),
  params: z.array(z.unknown(), 'must be an array').optional(),
  id: z
    .union(
      [z.string().max(256), z.number(), z.instanceof(ExactNumber), z.null()],
      'must be a string, a number or null',
    )
    .optional(),
})

/** An operation takes five levels, a state override six; the rest is room for what clients add. */
const maxDepth = 32
/** An operation takes twenty. */
const maxValuesPerCall = 100
/** One call may carry a state override of some thousand slots. */
const maxValuesOfOneCall = 5_000

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { maxBatchLength } = options
  const methods = new Map(Object.entries(options.methods))
  const bounds = {
    depth: maxDepth,
    values: Math.max(maxValuesOfOneCall, maxValuesPerCall * maxBatchLength),
  }

  async function answer(request: unknown, context: CallContext): Promise<RpcResponse | null> {
    // Nobody would read it.
    if (context.signal.aborted) return null
    const parsed = envelope.safeParse(request)
    if (!parsed.success) {
      const issue = parsed.error.issues[0]
      const field = issue?.path.join('.') || 'request'
      return failure(readId(request), {
        code: rpcErrorCode.invalidRequest,
        message: `Invalid request: ${field} ${issue?.message ?? 'is malformed'}`,
      })
    }
    const { id, method: name, params = [] } = parsed.data
    const body = await call(name, params, context)
    if (id === undefined) return null
    return 'error' in body ? failure(id, body.error) : { jsonrpc: '2.0', id, result: body.result }
  }

  async function call(
    name: string,
    params: readonly unknown[],
    context: CallContext,
  ): Promise<{ result: unknown } | { error: RpcErrorBody }> {
    const method = methods.get(name)
    if (method === undefined) {
      options.onCall?.({ method: 'unknown', seconds: 0, outcome: 'refused' })
      return {
        error: {
          code: rpcErrorCode.methodNotFound,
          message: `Method ${name} is not served here`,
          data: { methods: [...methods.keys()] },
        },
      }
    }
    const startedAt = performance.now()
    let outcome = 'failed'
    try {
      const result = await method(params, context)
      outcome = result.ok ? 'ok' : 'refused'
      return result.ok ? { result: result.value } : { error: result.refusal }
    } catch (error) {
      // The log has it once for all calls, from who saw it begin.
      if (error instanceof Outage) return { error: { code: rpcErrorCode.internal, message: error.toCaller } }
      // Whose caller has gone may have been cut off by a stop, with all that it stood on.
      const level = context.signal.aborted ? 'debug' : 'error'
      options.logger[level]({ error, method: name }, 'a JSON-RPC method failed')
      return {
        error: {
          code: rpcErrorCode.internal,
          message: 'Internal error: the call was not carried out, try again',
        },
      }
    } finally {
      options.onCall?.({ method: name, seconds: (performance.now() - startedAt) / 1000, outcome })
    }
  }

  async function answerBatch(requests: readonly unknown[], context: CallContext): Promise<RpcResponse[]> {
    const answers: (RpcResponse | null)[] = new Array(requests.length).fill(null)
    let next = 0
    async function work(): Promise<void> {
      for (let index = next++; index < requests.length; index = next++) {
        answers[index] = await answer(requests[index], context)
      }
    }
    await Promise.all(Array.from({ length: Math.min(options.batchConcurrency, requests.length) }, work))
    return answers.filter(response => response !== null)
  }

  /** What the body holds; a refusal where that is nothing to carry out. */
  function read(body: string): Result<unknown> {
    const excess = beyondBounds(body, bounds)
    if (excess !== undefined) {
      return refuse({
        code: rpcErrorCode.limitExceeded,
        message: `The body ${excess}: send less at once, and at most ${maxBatchLength} calls in a batch`,
      })
    }
    let parsed: unknown
    try {
      parsed = restoreIds(body, JSON.parse(body))
    } catch {
      return refuse({ code: rpcErrorCode.parse, message: 'Parse error: the body is not JSON' })
    }
    if (!Array.isArray(parsed)) return accept(parsed)
    if (parsed.length === 0) {
      return refuse({
        code: rpcErrorCode.invalidRequest,
        message: 'Invalid request: the batch is empty',
      })
    }
    if (parsed.length > maxBatchLength) {
      return refuse({
        code: rpcErrorCode.limitExceeded,
        message: `The batch holds ${parsed.length} calls; at most ${maxBatchLength} are served at once`,
      })
    }
    return accept(parsed)
  }

  return {
    async handle(body, context, admit = () => true) {
      const held = read(body)
      if (!held.ok) return failure(null, admit(1) ? held.refusal : tooFast)
      const { value } = held
      if (!Array.isArray(value)) {
        return admit(1) ? await answer(value, context) : failure(readId(value), tooFast)
      }
      if (!admit(value.length)) return failure(null, tooFast)
      const answers = await answerBatch(value, context)
      return answers.length === 0 ? null : answers
    },
  }
}

const tooFast: RpcErrorBody = {
  code: rpcErrorCode.limitExceeded,
  message: 'Too many requests from your address: slow down and try again in a second',
}

function failure(id: RequestId, error: RpcErrorBody): RpcResponse {
  return { jsonrpc: '2.0', id, error }
}

function readId(request: unknown): RequestId {
  if (typeof request !== 'object' || request === null || !('id' in request)) return null
  const { id } = request
  return typeof id === 'string' || typeof id === 'number' || id instanceof ExactNumber ? id : null
}
