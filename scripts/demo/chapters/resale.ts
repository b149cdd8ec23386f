// Chapter 6: the result becomes a model. It is licensed, sold and sold again, and its creator earns from
// every sale.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { divideRoyalties } from '@worldland-aa/sdk/actions/model/divideRoyalties'
import { mintModel } from '@worldland-aa/sdk/actions/model/mintModel'
import { postModelTerms } from '@worldland-aa/sdk/actions/model/postModelTerms'
import { withdrawRoyalties } from '@worldland-aa/sdk/actions/model/withdrawRoyalties'
import { type Hex, parseEther } from 'viem'
import { coins } from '../figures.ts'
import type { ChapterStage } from './chapter.ts'
import { costOf, eventOf, land } from './landing.ts'
import { playSale } from './sale.ts'
import { decryptWeights, type Training } from './training.ts'

const royaltyBps = 1_000
const licenceWei = parseEther('0.2')
const firstPriceWei = parseEther('0.5')
const resalePriceWei = parseEther('0.8')

export async function playResale(
  stage: ChapterStage,
  { recordId, training }: { readonly recordId: Hex; readonly training: Training },
): Promise<void> {
  const { cast, steps } = stage
  const { payer, buyer, collector } = cast
  const { contracts } = payer
  const { keyHash, seal, result } = training
  const modelId = BigInt(result.root)

  const termsId = await steps.play('mint', 'A model', async () => {
    const calls = [
      ...mintModel.calls({ contracts, recordId, keyHash, sealProof: result.proofOf(seal), royaltyBps }),
      ...postModelTerms.calls({ contracts, modelId, sells: 'licence', priceWei: licenceWei }),
      ...postModelTerms.calls({ contracts, modelId, sells: 'model', priceWei: firstPriceWei }),
    ]
    const landed = await land(payer, sendBatch(payer.client, { contracts, calls }))
    eventOf(landed, 'modelNft', 'ModelMinted')
    return {
      value: eventOf(landed, 'modelNft', 'TermsPosted').args.termsId,
      told: `One operation: minted with a royalty of ${royaltyBps / 100} %, licences and the model itself put up for sale`,
      ...costOf(landed),
    }
  })
  const licensed = await playSale(steps, {
    name: 'licence',
    what: 'a licence',
    seller: payer,
    buyer,
    termsId,
    key: training.key,
    keyHash,
  })
  if (!(await payer.client.isLicensed({ modelId, user: buyer.address }))) {
    throw new Error('Who bought a licence has none')
  }
  if (!Buffer.from(decryptWeights(training.encryptedWeights, licensed)).equals(training.weights)) {
    throw new Error('The key that was sold does not decrypt the weights')
  }
  const resold = await playSale(steps, {
    name: 'sale',
    what: 'the model',
    seller: payer,
    buyer: collector,
    termsId: termsId + 1n,
    key: training.key,
    keyHash,
  })
  const resaleTermsId = await steps.play('offer', 'Up for sale again', async () => {
    const landed = await land(
      collector,
      collector.client.postModelTerms({ modelId, sells: 'model', priceWei: resalePriceWei }),
    )
    return {
      value: eventOf(landed, 'modelNft', 'TermsPosted').args.termsId,
      told: `The collector asks ${coins(resalePriceWei)} for it`,
      ...costOf(landed),
    }
  })
  await playSale(steps, {
    name: 'resale',
    what: 'the resale',
    seller: collector,
    buyer,
    termsId: resaleTermsId,
    key: resold,
    keyHash,
  })
  const { owner } = await buyer.client.getModel({ modelId })
  if (owner !== buyer.address) throw new Error('Who bought the model does not own it')
  await steps.play('royalties', 'Royalties', async () => {
    const calls = [
      ...divideRoyalties.calls({ contracts, modelId }),
      ...withdrawRoyalties.calls({ contracts, creditor: payer.address }),
      ...withdrawRoyalties.calls({ contracts, creditor: collector.address }),
    ]
    const landed = await land(payer, sendBatch(payer.client, { contracts, calls }))
    const { amountWei } = eventOf(landed, 'modelNft', 'Withdrawn').args
    const salesWei = licenceWei + firstPriceWei
    const royaltyWei = (resalePriceWei * BigInt(royaltyBps)) / 10_000n
    if (amountWei !== salesWei + royaltyWei) {
      throw new Error(`The creator earned ${amountWei} wei instead of ${salesWei + royaltyWei} wei`)
    }
    return {
      value: undefined,
      told: `The creator is paid ${coins(amountWei)}: its own sales, and ${coins(royaltyWei)} of a resale between others`,
      ...costOf(landed),
    }
  })
}
