// What changes, as it changes: a stream of events for an open console. Each tells a kind and perhaps an id, and the
// console asks for the rest; a beat every few seconds shows that the service lives. It ends with its session.
import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { adminError } from '../adminError.ts'
import { createAdminRoutes, refusals } from '../adminRoutes.ts'
import type { LiveUpdates } from '../liveUpdates.ts'
import type { Sessions } from '../session/sessions.ts'

const beatMilliseconds = 10_000
/** All together: each holds a connection. */
const mostStreams = 64

const stream = createRoute({
  method: 'get',
  path: '/live',
  tags: ['Live'],
  summary:
    'What changes, as server-sent events: `update` with {kind, id}, `beat`, and `ended` with the session',
  responses: {
    200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
    ...refusals(429),
  },
})

export function createLiveRoutes(options: {
  readonly live: LiveUpdates
  readonly sessions: Pick<Sessions, 'isOpen'>
  /** When the service stops. */
  readonly stopping: AbortSignal
}) {
  const { live, sessions, stopping } = options
  let streams = 0
  return createAdminRoutes().openapi(stream, context => {
    if (streams >= mostStreams) {
      return adminError(context, 429, {
        code: 'tooManyStreams',
        message: `${mostStreams} consoles listen already`,
        hint: 'close one, or ask again and again',
      })
    }
    const { sessionId } = context.var
    streams++
    const answer = streamSSE(context, async events => {
      const gone = new AbortController()
      const end = (): void => gone.abort()
      events.onAbort(end)
      stopping.addEventListener('abort', end)
      const beat = setInterval(() => void say('beat', {}).catch(end), beatMilliseconds)
      async function say(event: string, data: object): Promise<void> {
        await events.writeSSE({ event, data: JSON.stringify(data) })
        if (event !== 'beat' || sessionId === undefined || (await sessions.isOpen(sessionId))) return
        await events.writeSSE({ event: 'ended', data: '{}' })
        end()
      }
      try {
        await say('beat', {})
        for await (const update of live.listen(gone.signal)) {
          await say('update', update)
          if (update.kind === 'session') await say('beat', {})
        }
      } finally {
        streams--
        clearInterval(beat)
        stopping.removeEventListener('abort', end)
      }
    })
    // A connection whose stream has ended would hold up a stop.
    answer.headers.set('connection', 'close')
    return answer as never
  })
}
