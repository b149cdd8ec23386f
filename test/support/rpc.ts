// JSON-RPC as a stranger speaks it: nothing retried, nothing interpreted.

export type RpcError = {
  readonly code: number
  readonly message: string
  readonly data?: Record<string, unknown>
}
export type RpcAnswer = {
  readonly jsonrpc: '2.0'
  readonly id: unknown
  readonly result?: unknown
  readonly error?: RpcError
}

export async function post(url: string, body: string): Promise<{ status: number; answer: RpcAnswer }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return { status: response.status, answer: (await response.json()) as RpcAnswer }
}

export async function ask(url: string, method: string, ...params: readonly unknown[]): Promise<RpcAnswer> {
  return (await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).answer
}

/** The result; throws on an error answer. */
export async function resultOf<Result>(
  url: string,
  method: string,
  ...params: readonly unknown[]
): Promise<Result> {
  const answer = await ask(url, method, ...params)
  if (answer.error) throw new Error(`${method}: ${answer.error.code} ${answer.error.message}`)
  return answer.result as Result
}

/** The error; throws when the call was answered with a result. */
export async function errorOf(url: string, method: string, ...params: readonly unknown[]): Promise<RpcError> {
  const answer = await ask(url, method, ...params)
  if (!answer.error) throw new Error(`${method} was answered with ${JSON.stringify(answer.result)}`)
  return answer.error
}
