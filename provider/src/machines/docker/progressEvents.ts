// What the engine says while it works, event by event: nothing is kept, for a registry decides how much there is of it.
import { StringDecoder } from 'node:string_decoder'

export type ProgressEvent = { readonly error?: string }

/** What the engine itself never says in one line. */
const mostCharacters = 256 * 1024

export async function* progressEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ProgressEvent> {
  const decoder = new StringDecoder('utf8')
  let line = ''
  for await (const chunk of stream) {
    const lines = (line + decoder.write(Buffer.from(chunk))).split('\n')
    line = lines.pop() ?? ''
    if (line.length > mostCharacters) throw new Error('the engine speaks in lines without an end')
    for (const each of lines) yield eventOf(each)
  }
  if (line.trim() !== '') yield eventOf(line)
}

function eventOf(line: string): ProgressEvent {
  if (line.trim() === '') return {}
  const said: unknown = JSON.parse(line)
  const error = (said as { error?: unknown } | null)?.error
  return typeof error === 'string' ? { error } : {}
}
