// A token's price is too old, or its sources disagree: it is not taken for gas until that has mended.
import type { Tokens } from '../../pricing/tokens/tokens.ts'
import type { AlertRule } from '../alertRule.ts'

export function priceStale(options: {
  readonly tokens: Pick<Tokens, 'accepted' | 'keeperOf'>
  /** Seconds since the Unix epoch, as the chain measures them. */
  readonly now: () => number
}): AlertRule {
  const { tokens, now } = options
  /** Since when it has had no price that counts. */
  const since = new Map<string, number>()
  return {
    kind: 'priceStale',
    severity: 'warning',
    unit: 'seconds',
    opens: 'above',
    defaults: { openAt: '60', closeAt: '0' },
    describe: 'For how long a token that gas is taken in has had no price to sign at',
    async measure() {
      return tokens.accepted().map(({ address, symbol }) => {
        const price = tokens.keeperOf(address)?.price()
        const isUsable = price?.ok === true
        if (isUsable) since.delete(address)
        else if (!since.has(address)) since.set(address, now())
        const seconds = Math.max(0, now() - (since.get(address) ?? now()))
        return {
          subject: address,
          value: String(isUsable ? 0 : seconds),
          title: `There is no price of ${symbol}`,
          state:
            price === undefined || price.ok
              ? `${symbol} has a price again, and is taken.`
              : `${price.refusal.message}.`,
          remedy: 'Nothing is signed in the token meanwhile. Look at its sources on the page of tokens.',
        }
      })
    },
  }
}
