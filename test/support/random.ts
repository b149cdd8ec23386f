// Chance that can be had again: a failing run prints its seed, and CHAOS_SEED replays it.

export type Random = {
  readonly seed: number
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number
}

/** Call at the top of a test file. */
export function seededRandom(): Random {
  // biome-ignore lint/style/noProcessEnv: the seed of a run to replay comes from the person who replays it
  const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32))
  process.stderr.write(`CHAOS_SEED=${seed} replays this run\n`)
  let state = seed >>> 0
  // mulberry32
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return { seed, between: (least, most) => least + Math.floor(next() * (most - least + 1)) }
}
