// Tells a second press of Ctrl-C from the first one that comes twice: from the terminal, and from what started the
// process and hands it on (npx, npm run, timeout).

/** Nobody presses again so soon. */
const samePressMilliseconds = 400

export type Press = 'first' | 'same' | 'again'

/** `now` is in milliseconds; it must not jump as a clock does that is set. */
export function pressCounter(now: () => number = () => performance.now()): () => Press {
  let firstAt: number | undefined
  return () => {
    const at = now()
    if (firstAt === undefined) {
      firstAt = at
      return 'first'
    }
    return at - firstAt < samePressMilliseconds ? 'same' : 'again'
  }
}
