// A price as an exact fraction: units of a token for one wei of the native coin. Nothing is rounded until a rate is
// signed, so that tokens of any number of decimals are priced alike.

export type Ratio = { readonly units: bigint; readonly wei: bigint }

const oneCoinWei = 10n ** 18n
const oneInBps = 10_000n
/** The contract reads a rate as 128 bits. */
export const mostRate = 2n ** 128n - 1n

/** Units of the token for 1e18 wei, rounded up as the contract rounds every charge. */
export function rateOf({ units, wei }: Ratio): bigint {
  return divideUp(units * oneCoinWei, wei)
}

/** Erc20Terms.unitsOf: what a native cost is in units of the token, rounded up. */
export function unitsOf(costWei: bigint, rate: bigint): bigint {
  return divideUp(costWei * rate, oneCoinWei)
}

/** `answer` tokens for one coin, as a number with so many decimals. */
export function tokensPerCoin(answer: bigint, answerDecimals: number, tokenDecimals: number): Ratio {
  return { units: answer * power(tokenDecimals), wei: power(answerDecimals) * oneCoinWei }
}

/** `answer` coins for one token. */
export function coinsPerToken(answer: bigint, answerDecimals: number, tokenDecimals: number): Ratio {
  return { units: power(tokenDecimals) * power(answerDecimals), wei: answer * oneCoinWei }
}

/** How far the two are apart, in 1/10000 of the second, rounded up; as far as a number counts. */
export function deviationBps(one: Ratio, other: Ratio): number {
  const [left, right] = [one.units * other.wei, other.units * one.wei]
  const difference = left > right ? left - right : right - left
  const bps = divideUp(difference * oneInBps, right)
  return Number(bps < 1_000_000n ? bps : 1_000_000n)
}

/** What rounding its rate up to whole units adds, in 1/10000. */
export function roundingBps(ratio: Ratio): number {
  const [rounded, exact] = [rateOf(ratio) * ratio.wei, ratio.units * oneCoinWei]
  return Number(((rounded - exact) * oneInBps * 100n) / exact) / 100
}

/** Tokens for one coin as a decimal number of eight significant digits, for people. */
export function toDecimalText(ratio: Ratio, tokenDecimals: number): string {
  const digits = 40n
  const scaled = (ratio.units * oneCoinWei * 10n ** digits) / (ratio.wei * power(tokenDecimals))
  const text = String(scaled).padStart(Number(digits) + 1, '0')
  const whole = text.slice(0, -Number(digits))
  const fraction = text.slice(-Number(digits))
  const significant = whole === '0' ? fraction.search(/[1-9]/) + 8 : Math.max(0, 8 - whole.length)
  const kept = fraction.slice(0, significant).replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}

function power(decimals: number): bigint {
  return 10n ** BigInt(decimals)
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}
