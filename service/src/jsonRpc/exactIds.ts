// JSON-RPC ids come back as they came. A number that a double does not hold (64 random bits, as clients in Go and Rust
// send) loses digits in JSON.parse, and its caller waits for an answer that never comes: it is kept by its digits.
import type { RpcResponse } from './protocol.ts'

export class ExactNumber {
  readonly literal: string
  constructor(literal: string) {
    this.literal = literal
  }
}

const numericId = /("id"\s*:\s*)(-?(?:0|[1-9]\d{0,99})(?:\.\d{1,99})?(?:[eE][+-]?\d{1,9})?)(?=\s*[,}])/g

/** Of what `body` was parsed to, ids that lost something become `ExactNumber`; all else stays as it is. */
export function restoreIds(body: string, parsed: unknown): unknown {
  let isLossy = false
  const quoted = body.replace(numericId, (whole, key: string, literal: string) => {
    if (String(Number(literal)) === literal) return whole
    isLossy = true
    return `${key}"${literal}"`
  })
  if (!isLossy) return parsed
  const exact: unknown = JSON.parse(quoted)
  return Array.isArray(parsed)
    ? parsed.map((request, index) => withExactId(request, (exact as unknown[])[index]))
    : withExactId(parsed, exact)
}

function withExactId(request: unknown, exact: unknown): unknown {
  if (!isRecord(request) || !isRecord(exact)) return request
  const isQuoted = typeof request.id === 'number' && typeof exact.id === 'string'
  return isQuoted ? { ...request, id: new ExactNumber(exact.id as string) } : request
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** An answer as JSON. */
export function answerText(answer: RpcResponse | readonly RpcResponse[]): string {
  if ('length' in answer) return `[${answer.map(answerText).join()}]`
  const { id, ...rest } = answer
  if (!(id instanceof ExactNumber)) return JSON.stringify(answer)
  return `${JSON.stringify(rest).slice(0, -1)},"id":${id.literal}}`
}
