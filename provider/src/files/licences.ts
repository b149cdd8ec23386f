// Who has bought: the chain says so at its head, and said so as many blocks ago as no ordinary reorganisation reaches. What
// is paid and not released opens nothing, nor does what was given back.

import { modelNftAbi } from '@worldland-aa/sdk/abi/modelNft'
import { getModelTerms } from '@worldland-aa/sdk/actions/model/getModelTerms'
import { getPurchase } from '@worldland-aa/sdk/actions/model/getPurchase'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, isAddressEqual, type PublicClient } from 'viem'

export type LicenceQuestion = {
  readonly modelId: bigint
  readonly user: Address
  /** Of a buyer who has the key: then no more need be deep than the payment was at its release. */
  readonly purchaseId?: bigint | undefined
}

export type Licences = {
  /** Throws where the node does not answer. */
  isLicensed(question: LicenceQuestion): Promise<boolean>
}

const mostAnswers = 10_000

export function createLicences(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly confirmationBlocks: number
  readonly head: () => Pick<Block, 'hash' | 'number'>
}): Licences {
  const { client, contracts, confirmationBlocks, head } = options
  let answers = new Map<string, Promise<boolean>>()
  let answeredAt: string | undefined

  async function licensedAt({ modelId, user }: LicenceQuestion, blockNumber: bigint): Promise<boolean> {
    return await client.readContract({
      address: contracts.modelNft,
      abi: modelNftAbi,
      functionName: 'isLicensed',
      args: [modelId, user],
      blockNumber,
    })
  }

  /** A release is no earlier than the contract's own confirmations of the payment: so much of it is deep already. */
  async function hasKey(question: LicenceQuestion, blockNumber: bigint): Promise<boolean> {
    const { modelId, user, purchaseId } = question
    if (purchaseId === undefined) return false
    const purchase = await getPurchase(client, { contracts, purchaseId }).catch(undefinedIfUnknown)
    if (purchase === undefined || !isAddressEqual(purchase.buyer, user)) return false
    const isSettled = purchase.state === 'settled' && (await licensedAt(question, blockNumber))
    if (purchase.state !== 'released' && !isSettled) return false
    return (await getModelTerms(client, { contracts, termsId: purchase.termsId })).modelId === modelId
  }

  async function ask(question: LicenceQuestion): Promise<boolean> {
    const { number } = head()
    if (await hasKey(question, number)) return true
    if (!(await licensedAt(question, number))) return false
    const deep = number - BigInt(confirmationBlocks)
    return await licensedAt(question, deep < 0n ? 0n : deep)
  }

  return {
    async isLicensed(question) {
      const { hash } = head()
      if (answeredAt !== hash || answers.size >= mostAnswers) {
        answers = new Map()
        answeredAt = hash
      }
      const { modelId, user, purchaseId } = question
      const key = `${modelId} ${user.toLowerCase()} ${purchaseId ?? ''}`
      const known = answers.get(key)
      if (known !== undefined) return await known
      const asked = ask(question)
      const under = answers
      under.set(key, asked)
      // An outage is not an answer.
      asked.catch(() => under.delete(key))
      return await asked
    },
  }
}

function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof ComputeError && error.errorName === 'UnknownPurchase') return undefined
  throw error
}
