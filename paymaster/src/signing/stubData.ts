// What stands in for signed terms while gas is estimated: as long, no more zero bytes, the same code path
// (ERC-7677), and worth nothing on chain.
import { encodePaymasterData, type PaymasterTerms } from '@worldland-aa/sdk/protocol/paymasterData'
import type { Hex } from 'viem'

/** A true signature without a zero byte, by a key that nobody trusts, so that recovery takes its usual path. */
const stubSignature: Hex =
  '0x74946ce4f927f1f82fa2669175ebcbe6a522784bca8db21e6fcded09addf248e5ceecb85ce884941f228c8d146ed114fb8ad435530bb848aa777f8e63d7f3fc21b'

const latestTime = 2 ** 48 - 1
const largestCharge = 2n ** 128n - 1n
const largestRate = 2n ** 128n - 1n

/** `terms` but for what is not known before the estimate: time, charge and rate, which take their fullest value. */
export function stubPaymasterData(terms: PaymasterTerms): Hex {
  const full = { ...terms, validUntil: latestTime }
  return encodePaymasterData(withFullestPrice(full), stubSignature)
}

function withFullestPrice(terms: PaymasterTerms): PaymasterTerms {
  if (terms.mode === 'sponsor') return terms
  if (terms.mode === 'erc20') return { ...terms, maxChargeUnits: largestCharge, rate: largestRate }
  return { ...terms, maxChargeWei: largestCharge }
}
