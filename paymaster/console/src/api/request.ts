// One way to ask the admin API, with one error policy: an answer, an ApiError with its remedy, or ServerGoneError.
import { reportGone } from '../live/connection.ts'
import { ApiError, ServerGoneError } from './apiError.ts'

export type Search = Readonly<Record<string, string | number | boolean | undefined>>

export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly search?: Search
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** `path` is below /api/v1/: `policies/rentals`. */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', search, body, headers = {}, signal } = options
  const response = await fetchOrGone(apiUrl(path, search), {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    // A change always says what it is, even if that is nothing: a form of another site cannot.
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    ...(signal === undefined ? {} : { signal }),
  })
  if (response.status === 204) return undefined as Answer
  const text = await response.text()
  const answer = readJson(text)
  if (response.ok) return answer as Answer
  throw new ApiError(response.status, refusalOf(answer) ?? unexplained(response))
}

export function apiUrl(path: string, search: Search = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return `/api/v1/${path}${text === '' ? '' : `?${text}`}`
}

async function fetchOrGone(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    reportGone()
    throw new ServerGoneError(error)
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusalOf(answer: unknown): ApiError['refusal'] | undefined {
  const error = (answer as { error?: Partial<ApiError['refusal']> } | undefined)?.error
  if (typeof error?.message !== 'string') return undefined
  return { code: '', hint: '', ...error, message: error.message }
}

/** A proxy in between answered, or an older service. */
function unexplained({ status, statusText }: Response): ApiError['refusal'] {
  return {
    code: 'unexplained',
    message: `The answer was ${status} ${statusText}`.trim(),
    hint: "look into the paymaster's log, or into that of the proxy before it",
  }
}
