// What use costs. Time is added up in milliseconds over the whole of a lane and rounded up once, so that a thousand short
// jobs cost what one long one does.

const millisecondsPerSecond = 1_000n

export function owedWei(usedMilliseconds: bigint, pricePerSecondWei: bigint): bigint {
  return (usedMilliseconds * pricePerSecondWei + millisecondsPerSecond - 1n) / millisecondsPerSecond
}

/** The fewest seconds that are worth as much: what a voucher over it has to say. */
export function unitsOf(cumulativeWei: bigint, pricePerSecondWei: bigint): bigint {
  return (cumulativeWei + pricePerSecondWei - 1n) / pricePerSecondWei
}

export type Use = {
  readonly pricePerSecondWei: bigint
  /** Of jobs that are over. */
  readonly usedMilliseconds: bigint
  /** Of each job that runs, so far. */
  readonly runningMilliseconds: readonly number[]
}

/**
 * What has to be signed in all for one more request: what was used, and the reserve for it and for each job that runs,
 * or what that job has used where this is more.
 */
export function neededWei(use: Use, reserveSeconds: number): bigint {
  const reserveMilliseconds = reserveSeconds * 1_000
  const running = use.runningMilliseconds.reduce((sum, one) => sum + Math.max(one, reserveMilliseconds), 0)
  return owedWei(
    use.usedMilliseconds + BigInt(Math.ceil(running + reserveMilliseconds)),
    use.pricePerSecondWei,
  )
}

/** Milliseconds until the jobs that run have used `unsignedMilliseconds` beyond what is signed; not above 0: they have. */
export function millisecondsUntilOverdue(
  use: Use,
  limits: { readonly signedWei: bigint; readonly unsignedMilliseconds: number },
): number {
  const jobs = use.runningMilliseconds.length
  if (jobs === 0) return Number.POSITIVE_INFINITY
  const signedMilliseconds = (limits.signedWei * millisecondsPerSecond) / use.pricePerSecondWei
  const leftMilliseconds =
    Number(signedMilliseconds - use.usedMilliseconds) +
    limits.unsignedMilliseconds -
    use.runningMilliseconds.reduce((sum, one) => sum + one, 0)
  return leftMilliseconds / jobs
}
