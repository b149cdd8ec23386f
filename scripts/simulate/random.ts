// Chance that can be repeated: a stream for what happens one after the other, and draws by name for what is looked up in
// any order, such as when a message reaches a node.

export type Random = {
  /** In [0, 1). */
  next(): number
  /** Of the exponential distribution with that mean. */
  exponential(mean: number): number
  /** A whole number in [0, limit). */
  below(limit: number): number
}

/** mulberry32: 32 bits of state, which is plenty for a model. */
export function createRandom(seed: number): Random {
  let state = mix(seed, 0x9e37_79b9)

  function next(): number {
    state = (state + 0x6d2b_79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }

  return {
    next,
    exponential: mean => -mean * Math.log(1 - next()),
    below: limit => Math.floor(next() * limit),
  }
}

/** Always the same for the same numbers, in [0, 1). */
export function drawOf(seed: number, subject: number, one: number, other = 0): number {
  return mix(mix(mix(seed, subject), one), other) / 2 ** 32
}

/** Of the normal distribution, from one draw each for two coordinates (Box–Muller). */
export function normalOf(seed: number, subject: number, one: number, other = 0): number {
  const radius = Math.sqrt(-2 * Math.log(1 - drawOf(seed, subject, one, other)))
  return radius * Math.cos(2 * Math.PI * drawOf(seed, subject ^ 0x5bd1_e995, one, other))
}

/** Two 32-bit words into one, each bit of either felt in all (murmur3's finish). */
function mix(one: number, other: number): number {
  let word = Math.imul(one ^ Math.imul(other, 0xcc9e_2d51), 0x1b87_3593)
  word = Math.imul(word ^ (word >>> 16) ^ other, 0x85eb_ca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35)
  return (word ^ (word >>> 16)) >>> 0
}
