// One sale of a model or licence: paid into escrow, key released and opened, settled. Nobody has to trust
// anybody.
import { createPurchaseKey } from '@worldland-aa/sdk/actions/model/createPurchaseKey'
import { openSealedKey } from '@worldland-aa/sdk/actions/model/openSealedKey'
import { sealKey } from '@worldland-aa/sdk/actions/model/sealKey'
import type { Hex } from 'viem'
import type { Actor } from '../actor.ts'
import { coins } from '../figures.ts'
import type { Steps } from '../steps.ts'
import { costOf, eventOf, land } from './landing.ts'

/** Returns the key that the buyer opened, which is the promised one. */
export async function playSale(
  steps: Steps,
  sale: {
    readonly name: string
    /** As it stands in a sentence: `a licence`. */
    readonly what: string
    readonly seller: Actor
    readonly buyer: Actor
    readonly termsId: bigint
    /** What the seller has to release. */
    readonly key: Hex
    readonly keyHash: Hex
  },
): Promise<Hex> {
  const { name, what, seller, buyer, termsId, key, keyHash } = sale
  const { privateKey, buyerKey } = createPurchaseKey()

  const purchase = await steps.play(`${name}Buy`, `Paid: ${what}`, async () => {
    const landed = await land(buyer, buyer.client.buyModel({ termsId, buyerKey }))
    const { args } = eventOf(landed, 'modelNft', 'PurchasePaid')
    return {
      value: args,
      told: `The ${buyer.name} pays ${coins(args.priceWei)} into escrow (${what})`,
      costWei: args.priceWei,
      ...costOf(landed),
    }
  })
  const { purchaseId } = purchase
  const opened = await steps.play(`${name}Release`, `Key released: ${what}`, async update => {
    const sealed = sealKey({ key, buyerKey: purchase.buyerKey })
    update(
      `The ${seller.name} waits for block ${purchase.releasableFromBlock}: the payment must be deep enough`,
    )
    const landed = await land(seller, seller.client.releaseModelKey({ purchaseId, sealed }))
    const found = openSealedKey({
      privateKey,
      sealed: await buyer.client.getPurchase({ purchaseId }),
      keyHash,
    })
    if (!found.isPromised) throw new Error('The released key is not the promised one')
    return {
      value: found.key,
      told: `The ${seller.name} releases the key, sealed; the ${buyer.name} alone can open it, and it is the promised one`,
      ...costOf(landed),
    }
  })
  await steps.play(`${name}Settle`, `Settled: ${what}`, async () => {
    const landed = await land(buyer, buyer.client.settlePurchase({ purchaseId }))
    const { sellerWei, royaltyWei } = eventOf(landed, 'modelNft', 'PurchaseSettled').args
    return {
      value: undefined,
      told: `Settled: ${coins(sellerWei)} to the ${seller.name}, ${coins(royaltyWei)} of royalty to the creator`,
      ...costOf(landed),
    }
  })
  return opened
}
