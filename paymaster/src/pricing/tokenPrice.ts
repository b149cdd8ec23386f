// Gas in the compute token: the token is the native coin one to one, so the markup is the whole price.

const oneInBps = 10_000n
const exchangeRateUnit = 10n ** 18n

/** ComputePaymaster.maxChargeOf: rounded up, so that the deposit is never short. */
export function chargeWei(costWei: bigint, markupBps: number): bigint {
  return (costWei * (oneInBps + BigInt(markupBps)) + oneInBps - 1n) / oneInBps
}

/** Token wei for 1e18 native wei, markup included, as pimlico_getTokenQuotes gives it; rounded up. */
export function exchangeRate(markupBps: number): bigint {
  return chargeWei(exchangeRateUnit, markupBps)
}
