// Finds the three ports of a devnet before anything is started, so that a busy one is said at once.
import { createServer } from 'node:net'
import { DevnetError } from './devnetError.ts'

export type DevnetPorts = { readonly node: number; readonly bundler: number; readonly paymaster: number }

const firstUserPort = 1024

/** `portBase`, the next and the one after; 0 takes any free ones. */
export async function devnetPorts(portBase: number): Promise<DevnetPorts> {
  if (portBase === 0) return await freePorts()
  // Below, systems ask for privileges and clients refuse to connect.
  if (portBase < firstUserPort) {
    throw new DevnetError(`--port-base must be 0 or at least ${firstUserPort}, but is ${portBase}`)
  }
  const ports = { node: portBase, bundler: portBase + 1, paymaster: portBase + 2 }
  for (const [part, port] of Object.entries(ports)) {
    const code = await listenProblem(port)
    if (code === undefined) continue
    const reason = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened on (${code})`
    throw new DevnetError(
      `Port ${port} (for the ${part}) ${reason}: choose other ports with --port-base, or any free ones with --port-base 0`,
    )
  }
  return ports
}

export async function arePortsFree(portBase: number): Promise<boolean> {
  const problems = await Promise.all([portBase, portBase + 1, portBase + 2].map(listenProblem))
  return problems.every(problem => problem === undefined)
}

async function freePorts(): Promise<DevnetPorts> {
  // All are held open until all are known: otherwise the same one could be given twice.
  const servers = [createServer(), createServer(), createServer()]
  const [node, bundler, paymaster] = await Promise.all(servers.map(listenAnywhere))
  await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  if (node === undefined || bundler === undefined || paymaster === undefined) {
    throw new DevnetError('No free port was found on 127.0.0.1')
  }
  return { node, bundler, paymaster }
}

async function listenAnywhere(server: ReturnType<typeof createServer>): Promise<number | undefined> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : undefined
}

async function listenProblem(port: number): Promise<string | undefined> {
  const server = createServer()
  return await new Promise(resolve => {
    server.once('error', error => resolve((error as NodeJS.ErrnoException).code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}
