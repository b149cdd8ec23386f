// Binds the actions of models, their licences and royalties.
import type { Client } from 'viem'
import { approveModel } from '../actions/model/approveModel.ts'
import { buyModel } from '../actions/model/buyModel.ts'
import { collectRoyalties } from '../actions/model/collectRoyalties.ts'
import { disputePurchase } from '../actions/model/disputePurchase.ts'
import { divideRoyalties } from '../actions/model/divideRoyalties.ts'
import { getModel } from '../actions/model/getModel.ts'
import { getModelTerms } from '../actions/model/getModelTerms.ts'
import { getPurchase } from '../actions/model/getPurchase.ts'
import { isLicensed } from '../actions/model/isLicensed.ts'
import { mintModel } from '../actions/model/mintModel.ts'
import { postModelTerms } from '../actions/model/postModelTerms.ts'
import { refundPurchase } from '../actions/model/refundPurchase.ts'
import { releaseModelKey } from '../actions/model/releaseModelKey.ts'
import { requestPurchaseRefund } from '../actions/model/requestPurchaseRefund.ts'
import { settlePurchase } from '../actions/model/settlePurchase.ts'
import { transferModel } from '../actions/model/transferModel.ts'
import { withdrawModelTerms } from '../actions/model/withdrawModelTerms.ts'
import { withdrawRoyalties } from '../actions/model/withdrawRoyalties.ts'
import type { WithContracts } from '../chains/computeContracts.ts'
import { type BoundActions, bindActions } from './bindActions.ts'
import type { SmartAccountClient } from './chainClientOf.ts'

const reads = { getModel, getModelTerms, getPurchase, isLicensed }
const writes = {
  approveModel,
  transferModel,
  mintModel,
  postModelTerms,
  withdrawModelTerms,
  buyModel,
  releaseModelKey,
  settlePurchase,
  disputePurchase,
  requestPurchaseRefund,
  refundPurchase,
  collectRoyalties,
  divideRoyalties,
  withdrawRoyalties,
}

/** What any client can do. */
export type ModelReadActions = BoundActions<typeof reads>
/** What a smart account's client can do. */
export type ModelActions = ModelReadActions & BoundActions<typeof writes>

export function modelReadActions({ contracts }: WithContracts) {
  return (client: Client | SmartAccountClient): ModelReadActions =>
    bindActions(client as Client, contracts, reads)
}

/**
 * Decorator for a smart account's client.
 *
 * @example
 * import { modelActions } from '@worldland-aa/sdk/clients/modelActions'
 *
 * const client = smartAccountClient.extend(modelActions({ contracts }))
 * const hash = await client.buyModel({ termsId, buyerKey })
 */
export function modelActions({ contracts }: WithContracts) {
  return (client: SmartAccountClient): ModelActions => ({
    ...modelReadActions({ contracts })(client),
    ...bindActions(client, contracts, writes),
  })
}
