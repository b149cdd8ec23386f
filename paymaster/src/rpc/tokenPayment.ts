// What a wallet shows before the user confirms: in which token the operation pays, and the most that it may take.
import { type Address, numberToHex } from 'viem'
import type { TokenQuotes } from '../pricing/tokens/tokenQuotes.ts'
import type { PaymasterFields } from '../sponsorship.ts'

export type TokenPayment = {
  readonly address: Address
  readonly maxFee: string
  readonly decimals: number
  readonly name: string
}

export type TellTokenPayment = (
  fields: Pick<PaymasterFields, 'mostCharge'>,
) => Partial<Record<'tokenPayment', TokenPayment>>

/** Nothing where the operator pays. */
export function createTellTokenPayment(quotes: Pick<TokenQuotes, 'supported'>): TellTokenPayment {
  return ({ mostCharge }) => {
    if (mostCharge === undefined) return {}
    const [computeToken, ...others] = quotes.supported()
    const token = others.find(({ address }) => address === mostCharge.token) ?? computeToken
    if (token === undefined) return {}
    const { address, decimals, name } = token
    return { tokenPayment: { address, maxFee: numberToHex(mostCharge.units), decimals, name } }
  }
}
