// Why a token has no price to sign at: each by its code, with its sentence. The codes are what other languages say it by.
export const priceProblems = {
  feedDecimals: 'The price feed {source} of {symbol} claims {decimals} decimals, and at most {most} are read',
  feedNoPrice: 'The price feed {source} of {symbol} tells {answer}, which is no price',
  feedUnfinished: 'The price feed {source} of {symbol} has not finished its round',
  feedOldRound: 'The price feed {source} of {symbol} answers round {round} with what round {answeredIn} said',
  feedFuture: 'The price feed {source} of {symbol} tells a price of the future',
  feedUnread: 'The price feed {source} of {symbol} could not be read ({why})',
  pairOfOthers: 'The pair {source} of {symbol} trades {first} and {second}, not {token} and {coin}',
  pairTooNew: 'The pair {source} of {symbol} has been watched for too short a time: {missing} more blocks',
  pairNoPrice: 'The pair {source} of {symbol} tells no price',
  pairShallow:
    'The pair {source} of {symbol} holds {held} wei of the coin, less than the {least} that make its price dear to bend',
  pairUnread: 'The pair {source} of {symbol} could not be read ({why})',
  urlAnswersOther: 'The price URL of {symbol} answers something else than {price, expires, signature}',
  urlExpired: 'The price URL of {symbol} tells a price that has expired',
  urlTooLong:
    'The price URL of {symbol} tells a price that is good for longer than the {most} seconds that are allowed',
  urlUnsigned: 'The price URL of {symbol} tells a price that {signer} did not sign',
  urlZero: 'The price URL of {symbol} tells 0, which is no price',
  urlSilent: 'The price URL of {symbol} cannot be asked: {why}',
  urlStatus: 'The price URL of {symbol} answers with HTTP status {status}',
  urlTooMuch: 'The price URL of {symbol} answers more than {most} bytes',
  noSource: '{symbol} has no price source',
  notReadYet: 'The price of {symbol} has not been read yet',
  noPrice: '{symbol} has no price',
  beyond: 'The price of {symbol} is beyond what the paymaster contract can express',
  sourcesDiffer:
    'The second price of {symbol} is {is} for one coin and differs from {was} by {percent}, more than the {most} that are allowed',
  spotDiffers:
    'The spot price of {symbol} is {is} for one coin and differs from {was} by {percent}, more than the {most} that are allowed',
  stepTooGreat:
    'The price of {symbol} is {is} for one coin and differs from {was} by {percent}, more than the {most} that are allowed',
  stale: 'The price of {symbol} is {seconds} seconds old, which is too old',
} as const

export type PriceProblemCode = keyof typeof priceProblems
export type PriceSays = {
  readonly code: PriceProblemCode
  readonly values: Readonly<Record<string, string>>
}

export function tellPriceProblem({ code, values }: PriceSays): string {
  return priceProblems[code].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
