// A receiver of webhooks that answers what the test wants, and keeps what it was sent.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type HookReceiver = {
  readonly url: string
  readonly bodies: string[]
  answerWith(status: number): void
  stop(): Promise<void>
}

export async function startHookReceiver(): Promise<HookReceiver> {
  const bodies: string[] = []
  let status = 200
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    bodies.push(Buffer.concat(chunks).toString())
    response.writeHead(status).end(status === 200 ? 'thanks' : 'not today')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    bodies,
    answerWith(next) {
      status = next
    },
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}
