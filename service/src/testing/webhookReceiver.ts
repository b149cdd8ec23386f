// An endpoint of somebody's for a test, on this machine: it keeps what it is sent, and answers as it is told.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Receiver = {
  readonly url: string
  readonly received: readonly Received[]
  /** For all that comes from now on. */
  answerWith(status: number, text?: string): void
  stop(): void
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let answer = { status: 200, text: '' }
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', chunk => {
      body += chunk
    })
    incoming.on('end', () => {
      received.push({ path: incoming.url ?? '', headers: incoming.headers as Record<string, string>, body })
      outgoing.writeHead(answer.status).end(answer.text)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answerWith(status, text = '') {
      answer = { status, text }
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
