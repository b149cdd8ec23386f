// Who may read a file and who may change it: holders of a right to the lease or session that it came of; and of a model's
// artifacts those who have bought.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Authorisations } from '../access/authorisations.ts'
import type { Holder, Holders } from '../access/holder.ts'
import type { Outcome } from '../outcome.ts'
import type { Licences } from './licences.ts'
import { type FileRefusal, refuse } from './refusal.ts'
import type { RootOwners } from './rootOwners.ts'
import { type Agreement, type AgreementId, isSameAgreement, type KnownFile } from './storedFile.ts'

/** As routes have it: headers, and what the query says. */
export type FileRequest = {
  readonly headers: Pick<Headers, 'get'>
  readonly query: (name: string) => string | undefined
}

/** Those whom `isAuthorized` lets in, each known by a signed statement. */
export type HoldersBy = (authorisations: Pick<Authorisations, 'isAuthorized'>) => Holders

export type Audience = {
  /** Of a lease or session: whoever holds a right in force, and its owner also when it has ended. */
  holder(
    request: FileRequest,
    agreement: AgreementId,
    options?: {
      readonly purpose?: string
      /** A statement that was shown before is refused. */
      readonly once?: boolean
    },
  ): Promise<Outcome<Agreement, FileRefusal>>
  /** Of what the file is of. */
  owner(request: FileRequest, file: KnownFile): Promise<Outcome<Agreement, FileRefusal>>
  reader(request: FileRequest, file: KnownFile): Promise<Outcome<Agreement | Holder, FileRefusal>>
  licensee(request: FileRequest, modelId: bigint): Promise<Outcome<Holder, FileRefusal>>
}

/** The first word of the statements that are asked for here. */
export const filesPurpose = 'files'

export function createAudience(options: {
  readonly authorisations: Pick<Authorisations, 'isAuthorized'>
  readonly holdersBy: HoldersBy
  readonly owners: RootOwners
  readonly licences: Licences
  readonly contracts: Pick<ComputeContracts, 'modelNft'>
}): Audience {
  const { authorisations, holdersBy, owners, licences, contracts } = options
  const holders = holdersBy({
    isAuthorized: async question =>
      (await authorisations.isAuthorized(question)) || (await owners.isOwner(question, question.user)),
  })

  async function holder(
    request: FileRequest,
    { market, agreementId }: AgreementId,
    { purpose = filesPurpose, once = false } = {},
  ): Promise<Outcome<Agreement, FileRefusal>> {
    const known = await holders.holderOf(request, { market, agreementId, purpose, isReusable: !once })
    if (!known.ok) return known
    const payer = await owners.payerOf({ market, agreementId })
    return { ok: true, value: { market, agreementId, payer } }
  }

  async function owner(request: FileRequest, file: KnownFile): Promise<Outcome<Agreement, FileRefusal>> {
    const agreement = await holder(request, file)
    if (!agreement.ok || isSameAgreement(agreement.value, file)) return agreement
    return refuse(403, 'This file is of a lease or session whose number a reorganisation gave to yours')
  }

  function licensee(request: FileRequest, modelId: bigint): Promise<Outcome<Holder, FileRefusal>> {
    const purchaseId = wholeOf(request.query('purchaseId'))
    const buyers = holdersBy({
      isAuthorized: ({ user }) => licences.isLicensed({ modelId, user, purchaseId }),
    })
    const wanted = {
      market: contracts.modelNft,
      agreementId: modelId,
      purpose: filesPurpose,
      isReusable: true,
    }
    return buyers.holderOf(request, wanted)
  }

  return {
    holder,
    owner,
    licensee,
    async reader(request, file) {
      const modelId = wholeOf(request.query('modelId'))
      if (modelId === undefined) return await owner(request, file)
      if (file.state !== 'stored' || file.modelId !== modelId) {
        return refuse(403, `This file is not for the licensees of model ${modelId}`)
      }
      return await licensee(request, modelId)
    },
  }
}

/** Undefined for whatever is no id. */
export function wholeOf(text: string | undefined): bigint | undefined {
  const number = text !== undefined && /^\d{1,78}$/.test(text) ? BigInt(text) : undefined
  return number !== undefined && number < 2n ** 256n ? number : undefined
}
