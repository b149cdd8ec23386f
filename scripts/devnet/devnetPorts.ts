// Finds the three ports of a devnet before anything is started, so that a busy one is said at once.
import { randomInt } from 'node:crypto'
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
  const ports = portsFrom(portBase)
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
  const problems = await Promise.all(Object.values(portsFrom(portBase)).map(listenProblem))
  return problems.every(problem => problem === undefined)
}

/** Tries of three in a row. */
const attempts = 100

async function freePorts(): Promise<DevnetPorts> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    // Some seconds pass until the daemons listen. Above this range systems lend ports to whoever connects meanwhile.
    const base = 10_000 + 3 * randomInt(7_000)
    if (await arePortsFree(base)) return portsFrom(base)
  }
  throw new DevnetError('No three free ports in a row were found on 127.0.0.1: name some with --port-base')
}

function portsFrom(base: number): DevnetPorts {
  return { node: base, bundler: base + 1, paymaster: base + 2 }
}

async function listenProblem(port: number): Promise<string | undefined> {
  const server = createServer()
  return await new Promise(resolve => {
    server.once('error', error => resolve((error as NodeJS.ErrnoException).code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)))
  })
}
