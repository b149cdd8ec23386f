// Stands between a daemon and its container engine and answers some calls otherwise, or never.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'

/** `pass`: the engine answers; `fail`: as an engine does that is out of order; `hang`: no answer comes. */
export type EngineVerdict = 'pass' | 'fail' | 'hang'

export type EngineProxy = { readonly socketPath: string; stop(): Promise<void> }

export async function startEngineProxy(options: {
  readonly engineSocket: string
  readonly folder: string
  readonly judge: (call: string) => EngineVerdict
}): Promise<EngineProxy> {
  const { engineSocket, folder, judge } = options
  const socketPath = join(folder, 'engine.sock')

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url, headers } = incoming
    const verdict = judge(`${method} ${url}`)
    if (verdict === 'hang') return
    if (verdict === 'fail') {
      outgoing.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"out of order"}')
      return
    }
    const passed = request({ socketPath: engineSocket, method, path: url, headers }, answered => {
      outgoing.writeHead(answered.statusCode ?? 500, answered.headers)
      answered.pipe(outgoing)
    })
    passed.once('error', error => outgoing.destroy(error))
    incoming.pipe(passed)
  }

  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(socketPath, resolve))
  return {
    socketPath,
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
