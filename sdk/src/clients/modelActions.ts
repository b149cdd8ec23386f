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

const reads = {
  /** Returns a model. */
  getModel,
  /** Returns terms of sale. They hold until they are withdrawn or the model changes hands. */
  getModelTerms,
  /** Returns a purchase. The buyer's public key is in `PurchasePaid` alone; the contract keeps its address. */
  getPurchase,
  /** Returns whether an account owns a model or has a licence that is not over. */
  isLicensed,
}
const writes = {
  /** Approves one address for a model (ERC-721); the zero address takes that back. The sender owns the model. */
  approveModel,
  /** Transfers a model (ERC-721). Its royalties stay its creator's; terms of sale end with the old owner. */
  transferModel,
  /** Mints the result of a training as a model (ERC-721, ERC-2981) of the sender, who paid for the training. */
  mintModel,
  /** Posts terms of sale for a sealed model that the sender owns. They hold as long as it owns the model. */
  postModelTerms,
  /** Withdraws terms of sale; purchases already paid go on. The sender posted them. */
  withdrawModelTerms,
  /**
   * Buys what the terms sell. The seller then has a day of blocks to release the key, after which the buyer may ask
   * for its money (`requestPurchaseRefund`); once released, the buyer has as long to try it.
   */
  buyModel,
  /**
   * Releases the key of a paid purchase, once the payment is so deep that no ordinary reorganisation takes it back
   * (some blocks: it waits). The seller seals it beforehand (`sealKey`) to the public key in `PurchasePaid`. Sends
   * nothing where a refund could overtake it.
   */
  releaseModelKey,
  /**
   * Settles a purchase: the buyer at any time, anybody once the dispute window is over. The royalty stays with the
   * model (`divideRoyalties`), the rest is the seller's credit (`withdrawRoyalties`).
   */
  settlePurchase,
  /**
   * Disputes a purchase by arithmetic alone; it reveals the purchase's private key. A key that opens what was
   * promised cannot be disputed (`KeyIsGood`).
   */
  disputePurchase,
  /**
   * Asks for the price of a paid purchase: the buyer, once the time to release the key is over. The seller then has
   * an hour of blocks left, so that a key on its way is not lost to it; afterwards `refundPurchase` gives the money
   * back.
   */
  requestPurchaseRefund,
  /**
   * Refunds a paid purchase: the seller at any time, anybody an hour of blocks after the buyer asked for its money
   * (`requestPurchaseRefund`).
   */
  refundPurchase,
  /**
   * Collects a model's royalties from its vault, coins as tokens. Anybody may do it; `divideRoyalties` comes next.
   */
  collectRoyalties,
  /**
   * Divides what has come in: each parent gets its share undivided, the creator the rest as credit. Anybody may do
   * it.
   */
  divideRoyalties,
  /** Pays an account its credit of royalties and sales. Anybody may do it. */
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
