// Where the console is, as browsers write it: passkeys, wallets' messages and the check of who sends a change all hang
// on it.

/** `configured` is an operator's; else the port on this machine, by the name that browsers take passkeys for. */
export function createConsoleOrigin(configured: string | undefined, servedAt: () => string): () => string {
  if (configured !== undefined) {
    const { origin } = new URL(configured)
    return () => origin
  }
  return () => `http://localhost:${new URL(servedAt()).port}`
}

/** The console's own, and on the machine itself its other names. */
export function ownOrigins(origin: string): readonly string[] {
  const { protocol, hostname, port } = new URL(origin)
  if (hostname !== 'localhost') return [origin]
  return ['localhost', '127.0.0.1', '[::1]'].map(name => new URL(`${protocol}//${name}:${port}`).origin)
}

/** For what an operator sets: an address without a path. */
export function consoleOriginProblem(configured: string | undefined): string | undefined {
  if (configured === undefined) return undefined
  const { pathname, search, hash, username, password } = new URL(configured)
  if (pathname === '/' && `${search}${hash}${username}${password}` === '') return undefined
  return `consoleOrigin is scheme, host and port alone, such as https://paymaster.example.com, but is ${configured}`
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
