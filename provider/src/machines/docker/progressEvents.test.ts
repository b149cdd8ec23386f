import { describe, expect, it } from 'vitest'
import { type ProgressEvent, progressEvents } from './progressEvents.ts'

async function* inPieces(said: string, bytes: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(said)
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes)
}

async function eventsOf(stream: AsyncIterable<Uint8Array>): Promise<readonly ProgressEvent[]> {
  const events: ProgressEvent[] = []
  for await (const event of progressEvents(stream)) events.push(event)
  return events
}

describe('what the engine says while it works', () => {
  it('is told event by event wherever the stream was cut, and a failure by its reason', async () => {
    const said = '{"status":"Pulling"}\r\n{"status":"50 €"}\r\n\r\n{"error":"no room — none"}'
    for (const bytes of [1, 2, 7, 1_000]) {
      const events = await eventsOf(inPieces(said, bytes))
      expect(events.filter(({ error }) => error !== undefined)).toEqual([{ error: 'no room — none' }])
    }
  })

  it('is not waited for in a line without an end (attack)', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield Buffer.alloc(64 * 1024, 'x')
    }
    await expect(eventsOf(endless())).rejects.toThrow('lines without an end')
  })
})
