// Ports of this host for machines that share its network: each is told by `PORT_n` which one stands for its port n.
import { createServer } from 'node:net'

export const machinesHost = '127.0.0.1'

/** Those it had before where they are still free: who noted down where a machine is finds it again. */
export async function choosePorts(
  ports: readonly number[],
  before: Readonly<Record<string, number>>,
  taken: ReadonlySet<number>,
): Promise<Record<string, number>> {
  const chosen: Record<string, number> = {}
  const given = new Set(taken)
  for (const port of new Set(ports)) {
    const former = before[port]
    const isFormerFree = former !== undefined && !given.has(former) && (await probe(former)) === former
    const hostPort = isFormerFree ? former : await freshPort(given)
    given.add(hostPort)
    chosen[port] = hostPort
  }
  return chosen
}

async function freshPort(given: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = await probe(0)
    if (port !== undefined && !given.has(port)) return port
  }
}

/** Undefined where another listens. */
function probe(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, machinesHost, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}
