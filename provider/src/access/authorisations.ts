// Whether somebody may use a lease or session, as the chain says at its head: asked once per block, however many ask.
import { type RightAct, toActBits } from '@worldland-aa/sdk/actions/rights/rightActs'
import { readWord } from '@worldland-aa/service/chain/readWord'
import { type Address, type Hash, type Hex, type PublicClient, toFunctionSelector, zeroHash } from 'viem'

export type AuthorisationQuestion = {
  /** InstanceLease or ServerlessSession. */
  readonly market: Address
  readonly agreementId: bigint
  readonly user: Address
  /** All of them must be allowed. Default: `use`. */
  readonly acts?: readonly RightAct[] | undefined
  /** Default: the whole of the lease or session. */
  readonly endpointHash?: Hex | undefined
}

export type Authorisations = {
  /** Throws where the node does not answer. */
  isAuthorized(question: AuthorisationQuestion): Promise<boolean>
}

/** Strangers ask as well: what they ask must not fill the memory. */
const mostAnswers = 10_000
const selector = toFunctionSelector('isAuthorized(address,uint96,address,uint8,bytes32)')
const mostAgreementId = 2n ** 96n

export function createAuthorisations(options: {
  readonly client: PublicClient
  readonly usageRights: Address
  /** Of the chain's newest block; with another one, all is asked anew. */
  readonly head: () => Hash | undefined
}): Authorisations {
  const { client, usageRights, head } = options
  let answers = new Map<string, Promise<boolean>>()
  let answeredAt: Hash | undefined

  return {
    async isAuthorized({ market, agreementId, user, acts = ['use'], endpointHash = zeroHash }) {
      if (agreementId >= mostAgreementId) return false
      const now = head()
      if (answeredAt !== now || answers.size >= mostAnswers) answers = new Map()
      answeredAt = now
      const under = answers
      const key = [market, agreementId, user, acts.join('+'), endpointHash].join(' ').toLowerCase()
      const known = under.get(key)
      if (known !== undefined) return await known
      const args = [market, agreementId, user, BigInt(toActBits(acts)), BigInt(endpointHash)]
      const asked = readWord(client, { to: usageRights, selector, args }).then(word => word !== 0n)
      under.set(key, asked)
      // An outage is not an answer.
      asked.catch(() => under.delete(key))
      return await asked
    },
  }
}
