// Waits for what must come true by itself, and says what it saw last when it does not.

const pauseMilliseconds = 50

/** Asks until `done` holds; `patienceSeconds` guards against waiting for ever, it measures nothing. */
export async function eventually<Seen, Wanted extends Seen = Seen>(
  what: string,
  look: () => Promise<Seen>,
  done: ((seen: Seen) => seen is Wanted) | ((seen: Seen) => boolean),
  patienceSeconds = 60,
): Promise<Wanted> {
  const deadline = Date.now() + patienceSeconds * 1000
  for (;;) {
    const seen = await lookTwice(look)
    if (done(seen)) return seen as Wanted
    if (Date.now() > deadline) throw new Error(`${what} did not come true; last seen: ${show(seen)}`)
    await pause()
  }
}

/** While anvil mines it answers now and then out of two blocks at once, of which a contract can make no sense: once is no fault. */
async function lookTwice<Seen>(look: () => Promise<Seen>): Promise<Seen> {
  try {
    return await look()
  } catch {
    await pause()
    return await look()
  }
}

function pause(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, pauseMilliseconds))
}

function show(seen: unknown): string {
  return JSON.stringify(seen, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}
