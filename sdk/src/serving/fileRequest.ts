// One request to a provider about files: again where the line broke or the provider is busy, and a sentence where it says no.
import { ComputeError } from '../errors/computeError.ts'
import type { FileAccess } from './fileAccess.ts'

export type FileRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: Uint8Array | string
  /** `bytes=0-99`. */
  readonly range?: string
  readonly signal?: AbortSignal | undefined
}

const attempts = 6
const firstPauseMilliseconds = 250
const mostPauseMilliseconds = 8_000
const mostReasonCharacters = 500

/** All of the answer, at most `mostBytes`, and only once it is whole. */
export async function askForFile(
  access: FileAccess,
  path: string,
  request: FileRequest & { readonly mostBytes: number },
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await askOnce(access, path, request)
    if ('bytes' in outcome) return outcome.bytes
    if (!outcome.mayPass || attempt >= attempts || request.signal?.aborted) throw outcome.error
    const pause = Math.min(mostPauseMilliseconds, firstPauseMilliseconds * 2 ** (attempt - 1))
    await new Promise(resolve => setTimeout(resolve, pause))
  }
}

export async function askForJson<Value>(
  access: FileAccess,
  path: string,
  request: FileRequest,
): Promise<Value> {
  const bytes = await askForFile(access, path, { ...request, mostBytes: 8 * 1_048_576 })
  return JSON.parse(new TextDecoder().decode(bytes)) as Value
}

type Outcome = { readonly bytes: Uint8Array } | { readonly error: ComputeError; readonly mayPass: boolean }

async function askOnce(
  access: FileAccess,
  path: string,
  { method = 'GET', body, range, signal, mostBytes }: FileRequest & { readonly mostBytes: number },
): Promise<Outcome> {
  // A wallet that refuses is not asked again.
  const headers = { authorization: await access.authorization(), ...(range && { range }) }
  try {
    const response = await fetch(access.url(path), {
      method,
      headers,
      ...(body !== undefined && { body: body as Uint8Array<ArrayBuffer> | string }),
      ...(signal && { signal }),
      // What is signed for one provider is shown to no other.
      redirect: 'manual',
    })
    // A page sees of a redirect no more than that it is one.
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      return { error: redirected(access), mayPass: false }
    }
    if (!response.ok) {
      const { status } = response
      const told = await readBounded(response, 65_536).catch(() => new Uint8Array())
      return { error: refusal(status, told), mayPass: status === 429 || status >= 500 }
    }
    return { bytes: await readBounded(response, mostBytes) }
  } catch (cause) {
    if (cause instanceof ComputeError) return { error: cause, mayPass: false }
    const problem = `The provider at ${new URL(access.url('/')).origin} did not answer ${method} ${path}.`
    const remedy = 'Try again: what has arrived is kept.'
    return { error: new ComputeError({ problem, remedy, source: 'network', cause }), mayPass: true }
  }
}

async function readBounded(response: Response, mostBytes: number): Promise<Uint8Array> {
  const reader = response.body?.getReader()
  if (reader === undefined) return new Uint8Array()
  const pieces: Uint8Array[] = []
  let length = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length
    if (length > mostBytes) {
      await reader.cancel().catch(() => undefined)
      throw new ComputeError({
        problem: `The provider sends more than the ${mostBytes} bytes that were asked for.`,
        remedy: 'Ask another provider, or tell this one.',
      })
    }
    pieces.push(next.value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function redirected(access: FileAccess): ComputeError {
  return new ComputeError({
    problem: `The provider at ${new URL(access.url('/')).origin} sends on to another address.`,
    remedy: 'Give the address that it serves at itself: what is signed for one is shown to no other.',
  })
}

function refusal(status: number, told: Uint8Array): ComputeError {
  let reason = ''
  try {
    const { error } = JSON.parse(new TextDecoder().decode(told)) as { error?: unknown }
    if (typeof error === 'string') reason = `: ${error.slice(0, mostReasonCharacters)}`
  } catch {
    // Not this provider's own words.
  }
  return new ComputeError({
    problem: `The provider answers ${status}${reason}.`,
    remedy: status === 429 || status >= 500 ? 'Try again later.' : 'Mend what it names, and ask again.',
    errorName: `HTTP ${status}`,
  })
}
