// Signers that are contracts: only the chain can say whether they signed. What is to be taken is tried as the redemption itself,
// so that it is what would be paid, in gas too; no contract is asked more often than who asks in vain may have it.
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import type { Outcome } from '../outcome.ts'
import type { ChainFacts } from './chainFacts.ts'
import { payerOf } from './lane.ts'

export type TrialProblem = { readonly code: 'signature' | 'busy'; readonly message: string }
export type ContractSigners = {
  /** Whether the chain would pay it. */
  pays(signed: SignedVoucher): Promise<Outcome<undefined, TrialProblem>>
  /** Whether the contract takes the signature for its own, whatever the voucher is worth; no, too, where it was asked too often. */
  signed(signed: SignedVoucher, digest: Uint8Array): Promise<boolean>
}

const mostFailuresPerBlock = 16
const mostTrialsAtOnce = 16

export function createContractSigners(facts: ChainFacts): ContractSigners {
  let at: string | undefined
  let failures = new Map<string, number>()
  let trials = 0

  /** Undefined: it was asked too often. */
  async function ask(
    { voucher }: SignedVoucher,
    question: () => Promise<boolean>,
  ): Promise<boolean | undefined> {
    const { hash } = facts.head()
    if (hash !== at) {
      at = hash
      failures = new Map()
    }
    const counted = failures
    const { lane } = payerOf(voucher)
    if ((counted.get(lane) ?? 0) >= mostFailuresPerBlock || trials >= mostTrialsAtOnce) return undefined
    trials++
    try {
      if (await question()) return true
    } finally {
      trials--
    }
    counted.set(lane, (counted.get(lane) ?? 0) + 1)
    return false
  }

  return {
    async pays(signed) {
      const isPaid = await ask(signed, () => facts.wouldPay(signed))
      if (isPaid === true) return { ok: true, value: undefined }
      if (isPaid === undefined) {
        return refuse(
          'busy',
          `The signatures of ${signed.signer} are asked of its contract, and too many were asked at once: try again after the next block`,
        )
      }
      return refuse(
        'signature',
        `The chain would not pay this voucher: the contract ${signed.signer} does not take the signature for its own, or needs too much gas for it`,
      )
    },
    signed: async (signed, digest) =>
      (await ask(signed, () => facts.isSignedByContract(signed, digest))) === true,
  }
}

function refuse(code: TrialProblem['code'], message: string): Outcome<never, TrialProblem> {
  return { ok: false, refusal: { code, message } }
}
