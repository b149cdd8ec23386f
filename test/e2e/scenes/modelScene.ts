// A model of a training that somebody disagrees with: withdrawn from sale, refunded, its royalties collected from a
// marketplace, handed over by who was approved for it.
import { modelNftAbi } from '@worldland-aa/sdk/abi/modelNft'
import { createPurchaseKey } from '@worldland-aa/sdk/actions/model/createPurchaseKey'
import { hashModelKey, modelSeal } from '@worldland-aa/sdk/actions/model/modelSeal'
import { sealKey } from '@worldland-aa/sdk/actions/model/sealKey'
import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
import { hashStatement } from '@worldland-aa/sdk/actions/provenance/hashStatement'
import { signStatement } from '@worldland-aa/sdk/actions/provenance/signStatement'
import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
import { type Hex, keccak256, parseEther, stringToHex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { expect } from 'vitest'
import { landed } from '../../support/marketCast.ts'
import { inSeconds, type Scene } from './scene.ts'

/** Returns a record that the provider has not signed. */
export async function playModel({ stage, cast, people }: Scene): Promise<Hex> {
  const { contracts } = stage.devnet
  const { creator, buyer } = people
  const key = generatePrivateKey()
  const keyHash = hashModelKey(key)
  const seal = modelSeal({ creator: creator.address, keyHash })
  const result = createDataTree([stringToHex('weights of the scene'), seal])
  const opened = await waitForComputeEvent(creator.client, {
    contracts,
    hash: await creator.client.openSession({
      offerId: cast.offers.serverless,
      budgetWei: parseEther('0.01'),
      expiresAtTimestamp: await inSeconds(stage, 7200),
      signer: creator.address,
    }),
    contract: 'serverlessSession',
    eventName: 'SessionOpened',
  })
  const statement = {
    market: contracts.serverlessSession,
    agreementId: opened.args.sessionId,
    datasetRoot: createDataTree([stringToHex('one'), stringToHex('two')]).root,
    resultRoot: result.root,
  }
  const chain = { contracts, chainId: stage.devnet.chainId }
  const recordId = hashStatement({ ...chain, statement })
  await landed(creator, creator.client.recordTraining({ statement }))
  const signature = await signStatement({ ...chain, statement, signer: cast.provider.account })
  await landed(buyer, buyer.client.countersignTraining({ recordId, party: 'provider', signature }))

  // A stranger's word takes nobody's signature back.
  const evidenceHash = keccak256(stringToHex('evidence'))
  const [contested, minted] = await Promise.all([
    waitForComputeEvent(buyer.client, {
      contracts,
      hash: await buyer.client.contestTraining({ recordId, evidenceHash, evidenceUri: 'data:,evidence' }),
      contract: 'trainingRecord',
      eventName: 'StatementContested',
    }),
    waitForComputeEvent(creator.client, {
      contracts,
      hash: await creator.client.mintModel({
        recordId,
        keyHash,
        sealProof: result.proofOf(seal),
        royaltyBps: 1_000,
        uri: 'data:,model',
      }),
      contract: 'modelNft',
      eventName: 'ModelMinted',
    }),
  ])
  expect(contested.args).toMatchObject({ recordId, evidenceHash, evidenceURI: 'data:,evidence' })
  expect((await buyer.client.getTrainingRecord({ recordId })).isSignedByBoth).toBe(true)
  const { modelId } = minted.args
  const post = async (sells: 'model' | 'licence', priceWei: bigint) => {
    const { args } = await waitForComputeEvent(creator.client, {
      contracts,
      hash: await creator.client.postModelTerms({ modelId, sells, priceWei }),
      contract: 'modelNft',
      eventName: 'TermsPosted',
    })
    return args.termsId
  }
  const priceWei = parseEther('0.2')
  const termsId = await post('licence', priceWei)
  expect(await buyer.client.getModelTerms({ termsId })).toMatchObject({ sells: 'licence', priceWei })
  const buying = () => buyer.client.buyModel({ termsId, buyerKey: createPurchaseKey().buyerKey })
  const bought = await waitForComputeEvent(buyer.client, {
    contracts,
    hash: await buying(),
    contract: 'modelNft',
    eventName: 'PurchasePaid',
  })
  const [royaltyTo, royaltyWei] = await stage.client.readContract({
    address: contracts.modelNft,
    abi: modelNftAbi,
    functionName: 'royaltyInfo',
    args: [modelId, priceWei],
  })
  await Promise.all([
    landed(creator, creator.client.withdrawModelTerms({ termsId })),
    landed(buyer, buyer.client.transferToken({ to: royaltyTo, amountWei: royaltyWei })),
  ])
  await expect(buying()).rejects.toThrow('terms')

  const { purchaseId } = bought.args
  await expect(buyer.client.refundPurchase({ purchaseId })).rejects.toThrow('has not asked for its money')
  await expect(buyer.client.requestPurchaseRefund({ purchaseId })).rejects.toThrow('block')
  const holdings = () => buyer.client.getTokenBalance({ holder: buyer.address })
  const before = await holdings()
  await landed(creator, creator.client.refundPurchase({ purchaseId }))
  expect(await holdings()).toBe(before + priceWei)
  // Who has given the money back does not send the key after it.
  const sealed = sealKey({ key, buyerKey: bought.args.buyerKey })
  await expect(creator.client.releaseModelKey({ purchaseId, sealed })).rejects.toThrow('refunded')

  await landed(creator, creator.client.collectRoyalties({ modelId }))
  expect((await creator.client.getModel({ modelId })).undividedWei).toBe(royaltyWei)

  const handover = { modelId, from: creator.address, to: cast.colleague.address }
  await expect(buyer.client.transferModel(handover)).rejects.toMatchObject({
    errorName: 'ERC721InsufficientApproval',
  })
  await landed(creator, creator.client.approveModel({ modelId, operator: buyer.address }))
  const other = { ...statement, resultRoot: keccak256(result.root) }
  await Promise.all([
    landed(buyer, buyer.client.transferModel(handover)),
    landed(creator, creator.client.recordTraining({ statement: other })),
  ])
  expect((await creator.client.getModel({ modelId })).owner).toBe(cast.colleague.address)

  return hashStatement({ ...chain, statement: other })
}
