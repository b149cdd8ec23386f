// Refusals of the paymaster's service that have a contract error of the same meaning: in its words, with amounts in
// coins. All others come in the service's own sentence.
import { isRecord } from '../levels.ts'
import { amount } from './amount.ts'
import type { Sentence } from './sentence.ts'

type DenialData = Readonly<Record<string, unknown>>
type NamedSentence = Sentence & { readonly errorName: string }

export const paymasterDenialSentences: Readonly<
  Record<string, ((data: DenialData) => NamedSentence | undefined) | undefined>
> = {
  tokenBalanceTooLow(data) {
    const [holdsWei, requiredWei] = [weiIn(data, 'balanceWei'), weiIn(data, 'requiredWei')]
    if (holdsWei === undefined || requiredWei === undefined) return undefined
    const debtWei = weiIn(data, 'debtWei') ?? 0n
    const debt = debtWei === 0n ? '' : `, ${amount(debtWei)} of it owed from before`
    return {
      errorName: 'InsufficientTokenBalance',
      problem: `The account has ${amount(holdsWei)} in the compute token; the operation's gas can cost up to ${amount(requiredWei)}${debt}.`,
      remedy:
        "Send it more of the compute token (quoteRental tells how much a rental takes, its end included), or pay with gasFrom: 'tank'.",
    }
  },
  tankTooLow(data) {
    const holdsWei = weiIn(data, 'tankWei')
    if (holdsWei === undefined) return undefined
    const requiredWei = weiIn(data, 'requiredWei') ?? 0n
    // Asked for a stub the paymaster knows no gas yet, and an empty tank will never do.
    const needed =
      requiredWei > 0n ? `the operation may cost ${amount(requiredWei)}` : 'that pays for nothing'
    return {
      errorName: 'InsufficientTank',
      problem: `The sender's gas tank holds ${amount(holdsWei)}; ${needed}.`,
      remedy: "Fill the tank first (fillTank, from any account), or pay with gasFrom: 'wallet'.",
    }
  },
}

function weiIn(data: DenialData, name: string): bigint | undefined {
  const value = isRecord(data) ? data[name] : undefined
  return typeof value === 'string' && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined
}
