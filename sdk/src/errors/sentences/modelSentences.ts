// ModelNft's errors in words.
import type { ContractErrorName } from 'viem'
import type { modelNftAbi } from '../../abi/modelNft.ts'
import { purchaseStates } from '../../actions/model/purchase.ts'
import type { LeaseErrorName } from './leaseSentences.ts'
import type { OpenZeppelinErrorName } from './openZeppelinSentences.ts'
import type { RecordErrorName } from './recordSentences.ts'
import type { RegistryErrorName } from './registrySentences.ts'
import type { RightsErrorName } from './rightsSentences.ts'
import type { Sentences } from './sentence.ts'
import type { TokenErrorName } from './tokenSentences.ts'

export type ModelErrorName = Exclude<
  ContractErrorName<typeof modelNftAbi>,
  | TokenErrorName
  | OpenZeppelinErrorName
  | RecordErrorName
  | RightsErrorName
  | RegistryErrorName
  | LeaseErrorName
>

const percent = (bps: bigint): string => `${Number(bps) / 100} %`

export const modelSentences: Sentences<typeof modelNftAbi, ModelErrorName> = {
  UnknownModel: ([modelId]) => ({
    problem: `There is no model ${modelId}.`,
    remedy: "Its id is the result root of its training's record, once it is minted.",
  }),
  RecordNotSigned: ([recordId]) => ({
    problem: `Record ${recordId} is not signed by both parties.`,
    remedy: 'Have the other party countersign it (countersignTraining).',
  }),
  NotCreator: ([recordId, caller]) => ({
    problem: `${caller} did not pay for the training of record ${recordId}.`,
    remedy: 'Mint from the account that opened its lease or session.',
  }),
  InvalidSeal: ([sealHash]) => ({
    problem: `The result's tree does not prove the seal ${sealHash}.`,
    remedy:
      'Put modelSeal({ creator, keyHash }) among the artifacts before the result is recorded, and give its proof.',
  }),
  ModelExists: ([modelId]) => ({
    problem: `Model ${modelId} has been minted before.`,
    remedy: 'A result is minted once: use the model there is.',
  }),
  RoyaltyTooHigh: ([royaltyBps, maximumBps]) => ({
    problem: `A royalty of ${percent(royaltyBps)} is above ${percent(maximumBps)}.`,
    remedy: 'Ask for less.',
  }),
  TooManyParents: ([count, maximum]) => ({
    problem: `${count} parents are named; ${maximum} are possible.`,
    remedy: 'Name those it was directly made from.',
  }),
  ParentsNotSorted: ([parentId]) => ({
    problem: `Parent ${parentId} is named twice or out of order.`,
    remedy: 'Name each parent once, in ascending order.',
  }),
  LineageTooHigh: ([totalBps]) => ({
    problem: `Together the parents ask for ${percent(totalBps)} of the royalties.`,
    remedy: 'Their shares must not exceed 100 %: leave some out, or agree with their creators.',
  }),
  UriTooLong: ([length, maximum]) => ({
    problem: `The URI is ${length} bytes long, above ${maximum}.`,
    remedy: 'Give a shorter one.',
  }),
  NothingToDivide: ([modelId]) => ({
    problem: `Model ${modelId} has no royalties that wait to be divided.`,
    remedy: 'Collect what marketplaces paid first (collectRoyalties), or wait for a sale.',
  }),
  UnknownTerms: ([termsId]) => ({
    problem: `There are no terms of sale ${termsId}.`,
    remedy: 'Take the id from the event that posted them (TermsPosted).',
  }),
  UnknownPurchase: ([purchaseId]) => ({
    problem: `There is no purchase ${purchaseId}.`,
    remedy: 'Take the id from the event that paid it (PurchasePaid).',
  }),
  NotModelOwner: ([modelId, caller]) => ({
    problem: `${caller} does not own model ${modelId}.`,
    remedy: 'Send this from its owner.',
  }),
  ModelNotSealed: ([modelId]) => ({
    problem: `Model ${modelId} has no key to sell: its artifacts are not encrypted.`,
    remedy: 'Sell it on a marketplace that heeds ERC-2981.',
  }),
  NotSeller: ([termsId, caller]) => ({
    problem: `${caller} does not sell under terms ${termsId}.`,
    remedy: 'Send this from the account that posted them.',
  }),
  NotBuyer: ([purchaseId, caller]) => ({
    problem: `${caller} did not make purchase ${purchaseId}.`,
    remedy: 'Send this from the account that paid for it.',
  }),
  PurchaseUnconfirmed: ([releasableFromBlock]) => ({
    problem: `The payment is not deep enough yet: a reorganisation could take it back, and not the key.`,
    remedy: `Release the key in block ${releasableFromBlock} or later; releaseModelKey waits for it.`,
  }),
  RefundNotRequested: ([purchaseId]) => ({
    problem: `The buyer of purchase ${purchaseId} has not asked for its money.`,
    remedy:
      'Ask for it (requestPurchaseRefund) once the time to release the key is over; an hour later it can be had.',
  }),
  RefundAlreadyRequested: ([purchaseId]) => ({
    problem: `The money of purchase ${purchaseId} has been asked for before.`,
    remedy: 'Refund it (refundPurchase) once the grace is over; getPurchase names its last block.',
  }),
  TermsNotInForce: ([termsId]) => ({
    problem: `Terms ${termsId} were withdrawn, or the model has changed hands since they were posted.`,
    remedy: "Buy under the present owner's terms.",
  }),
  WrongPurchaseState: ([purchaseId, state]) => ({
    problem: `Purchase ${purchaseId} is ${purchaseStates[state] ?? `in state ${state}`}, in which this cannot be done.`,
    remedy: 'Read it again by getPurchase: the other party may have moved it on.',
  }),
  InvalidPoint: ([point]) => ({
    problem: `(${point.x}, ${point.y}) is no point of secp256k1 that can be used.`,
    remedy: 'Make the key by createPurchaseKey, and seal by sealKey.',
  }),
  WrongPrivateKey: ([purchaseId]) => ({
    problem: `This is not the private key of purchase ${purchaseId}.`,
    remedy: 'Give the one whose public key went into buyModel.',
  }),
  WrongSharedPoint: ([purchaseId]) => ({
    problem: `The shared point does not belong to purchase ${purchaseId}.`,
    remedy: "Compute it from the purchase's sellerKey, as disputePurchase does.",
  }),
  KeyIsGood: ([purchaseId]) => ({
    problem: `What was released for purchase ${purchaseId} is the promised key.`,
    remedy: 'Open it by openSealedKey, and settle.',
  }),
}
