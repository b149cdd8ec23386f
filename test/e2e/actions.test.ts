// The SDK's actions end to end: every area of the market, by user operations of ComputeAccounts that hold no
// coin.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { toSessionKeyAccount } from '@worldland-aa/sdk/account/toSessionKeyAccount'
import { toSessionPermission } from '@worldland-aa/sdk/actions/account/toSessionPermission'
import { createPurchaseKey } from '@worldland-aa/sdk/actions/model/createPurchaseKey'
import { hashModelKey, modelSeal } from '@worldland-aa/sdk/actions/model/modelSeal'
import { openSealedKey } from '@worldland-aa/sdk/actions/model/openSealedKey'
import { sealKey } from '@worldland-aa/sdk/actions/model/sealKey'
import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
import { hashStatement } from '@worldland-aa/sdk/actions/provenance/hashStatement'
import { signStatement } from '@worldland-aa/sdk/actions/provenance/signStatement'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import { computeActions } from '@worldland-aa/sdk/clients/computeActions'
import { getComputeEvents } from '@worldland-aa/sdk/events/getComputeEvents'
import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
import { type Hex, http, parseEther, stringToHex } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../scripts/demo/actor.ts'
import { createMarketClient } from '../../scripts/demo/marketClient.ts'
import { devnetStage } from '../support/devnet.ts'
import {
  castMarket,
  grantToColleague,
  landed,
  type MarketCast,
  pricePerSecondWei,
  readyLease,
} from '../support/marketCast.ts'
import { giveTokens } from '../support/money.ts'
import { createPasskey } from '../support/passkey.ts'

const stage = devnetStage({ serving: false })
const hour = 3600

let cast: MarketCast
beforeAll(async () => {
  cast = await castMarket(stage)
})

const inOneHour = async () => Number((await stage.client.getBlock()).timestamp) + hour

describe('rights of a lease', () => {
  it('let a colleague buy time out of its credit, until they are revoked', async () => {
    const { payer, colleague, provider } = cast
    const { contracts } = stage.devnet
    const leaseId = await readyLease(cast)
    const rootId = rootRightOf({ market: contracts.instanceLease, agreementId: leaseId })
    await landed(payer, payer.client.fundLease({ leaseId, amountWei: parseEther('0.05') }))
    const rightId = await grantToColleague(stage, cast, {
      parentId: rootId,
      acts: ['use', 'extend'],
      budgetWei: parseEther('0.02'),
      expiresAtTimestamp: await inOneHour(),
    })
    expect(await payer.client.getRight({ rightId })).toMatchObject({
      market: contracts.instanceLease,
      agreementId: leaseId,
      parentId: rootId,
      owner: colleague.address,
      acts: ['use', 'extend'],
      restWei: parseEther('0.02'),
      isInForce: true,
    })
    const authorized = () =>
      provider.client.isAuthorized({
        market: contracts.instanceLease,
        agreementId: leaseId,
        user: colleague.address,
      })
    expect(await authorized()).toBe(true)
    const before = await payer.client.getLease({ leaseId })
    await landed(colleague, colleague.client.extendByRight({ leaseId, rightId, extraSeconds: 100 }))
    expect((await payer.client.getLease({ leaseId })).maximumSeconds).toBe(before.maximumSeconds + 100)
    expect((await payer.client.getRight({ rightId })).spentWei).toBe(100n * pricePerSecondWei)

    await landed(payer, payer.client.revokeRight({ rightId }))
    expect(await authorized()).toBe(false)
    await expect(colleague.client.extendByRight({ leaseId, rightId, extraSeconds: 1 })).rejects.toThrow(
      `${colleague.address} holds no right`,
    )
    await payer.client.waitForSettlement({ hash: await payer.client.stopLease({ leaseId }) })
  })
})

describe('a serverless session', () => {
  it('is paid by vouchers of a key and of a smart account, redeemed together, and the rest comes back', async () => {
    const { payer, colleague, provider, offers } = cast
    const { contracts } = stage.devnet
    const key = privateKeyToAccount(generatePrivateKey())
    const budgetWei = parseEther('0.1')
    const hash = await payer.client.openSession({
      offerId: offers.serverless,
      budgetWei,
      // Beyond the right that is granted from it.
      expiresAtTimestamp: (await inOneHour()) + hour,
      signer: key.address,
    })
    const { args } = await waitForComputeEvent(payer.client, {
      contracts,
      hash,
      contract: 'serverlessSession',
      eventName: 'SessionOpened',
    })
    const { sessionId } = args
    const rootId = rootRightOf({ market: contracts.serverlessSession, agreementId: sessionId })
    const childId = await grantToColleague(stage, cast, {
      parentId: rootId,
      acts: ['use'],
      budgetWei: parseEther('0.01'),
      expiresAtTimestamp: await inOneHour(),
    })
    const voucher = (rightId: bigint, units: bigint) => ({
      sessionId,
      rightId,
      cumulativeWei: units * pricePerSecondWei,
      sequence: units,
      units,
    })
    const sign = (signer: typeof key | Actor['account'], rightId: bigint, units: bigint) =>
      signVoucher({ contracts, chainId: 103, signer, voucher: voucher(rightId, units) })
    const [byKey, byAccount, forged] = await Promise.all([
      sign(key, rootId, 7n),
      sign(colleague.account, childId, 3n),
      sign(privateKeyToAccount(generatePrivateKey()), rootId, 8n),
    ])
    expect(await provider.client.verifyVoucher({ signed: byKey })).toEqual({
      ok: true,
      payableWei: 7n * pricePerSecondWei,
    })
    expect(await provider.client.verifyVoucher({ signed: byAccount })).toMatchObject({ ok: true })
    expect(await provider.client.verifyVoucher({ signed: forged })).toMatchObject({ ok: false })
    expect(
      await provider.client.verifyVoucher({ signed: { ...byKey, signature: byAccount.signature } }),
    ).toMatchObject({ ok: false, problem: expect.stringContaining('signature') })
    expect(await provider.client.verifyVoucher({ signed: byKey, accepted: [byKey] })).toMatchObject({
      ok: false,
    })

    await landed(provider, provider.client.redeemVouchers({ signed: [byKey, forged, byAccount] }))
    const session = await payer.client.getSession({ sessionId })
    expect(session).toMatchObject({ state: 'open', spentWei: 10n * pricePerSecondWei })
    await expect(provider.client.redeemVoucher({ signed: byKey })).rejects.toThrow('does not go beyond')

    const scoreBefore = (await payer.client.getProvider({ provider: provider.address }))?.score
    const before = await payer.client.getTokenBalance({ holder: payer.address })
    const finalized = new Promise<bigint>(resolve => {
      const unwatch = payer.client.watchSession({
        sessionId,
        onStep({ session: now }) {
          if (now.state !== 'finalized') return
          unwatch()
          resolve(now.spentWei)
        },
      })
    })
    await landed(provider, provider.client.closeSessionAsProvider({ sessionId }))
    expect(await finalized).toBe(10n * pricePerSecondWei)
    expect(await payer.client.getTokenBalance({ holder: payer.address })).toBe(
      before + budgetWei - 10n * pricePerSecondWei,
    )
    const score = (await payer.client.getProvider({ provider: provider.address }))?.score
    expect(score).toEqual({ ...scoreBefore, completed: (scoreBefore?.completed ?? 0) + 1 })
    const events = await getComputeEvents(stage.client, {
      contracts,
      of: ['serverlessSession'],
      fromBlock: 0n,
    })
    expect(events.map(event => event.eventName)).toEqual([
      'SessionOpened',
      'VoucherRedeemed',
      'VoucherRefused',
      'VoucherRedeemed',
      'SessionClosing',
      'SessionFinalized',
    ])
  })
})

describe('provenance', () => {
  it('goes from a training on record to a model whose licence and key are sold', async () => {
    const { payer, colleague, provider } = cast
    const { contracts } = stage.devnet
    const leaseId = await readyLease(cast)
    const key = generatePrivateKey()
    const keyHash = hashModelKey(key)
    const data = ['one', 'two', 'three', 'four'].map(text => stringToHex(text))
    const dataset = createDataTree(data)
    const seal = modelSeal({ creator: payer.address, keyHash })
    const result = createDataTree([stringToHex('weights'), seal])
    const statement = {
      market: contracts.instanceLease,
      agreementId: leaseId,
      datasetRoot: dataset.root,
      resultRoot: result.root,
      storage: { driver: 'https', reference: stringToHex('https://example.org/weights') },
    }
    const recordId = hashStatement({ contracts, chainId: 103, statement })
    await landed(payer, payer.client.recordTraining({ statement }))
    const providerSignature = await signStatement({
      contracts,
      chainId: 103,
      statement,
      signer: provider.account,
    })
    await landed(
      colleague,
      colleague.client.countersignTraining({
        recordId,
        party: 'provider',
        signature: providerSignature,
      }),
    )
    expect(await payer.client.getTrainingRecord({ recordId })).toMatchObject({
      statement,
      payer: payer.address,
      isSignedByBoth: true,
    })
    const [datum, other] = data as [Hex, Hex]
    const proof = dataset.proofOf(datum)
    expect(await payer.client.verifyDatum({ recordId, datum, proof })).toBe(true)
    expect(await payer.client.verifyDatum({ recordId, datum: other, proof })).toBe(false)
    expect(await payer.client.verifyArtifact({ recordId, artifact: seal, proof: result.proofOf(seal) })).toBe(
      true,
    )

    const minted = await waitForComputeEvent(payer.client, {
      contracts,
      hash: await payer.client.mintModel({
        recordId,
        keyHash,
        sealProof: result.proofOf(seal),
        royaltyBps: 1_000,
        uri: 'https://example.org/model',
      }),
      contract: 'modelNft',
      eventName: 'ModelMinted',
    })
    const { modelId } = minted.args
    expect(modelId).toBe(BigInt(result.root))
    const posted = await waitForComputeEvent(payer.client, {
      contracts,
      hash: await payer.client.postModelTerms({ modelId, sells: 'licence', priceWei: parseEther('0.5') }),
      contract: 'modelNft',
      eventName: 'TermsPosted',
    })
    const purchaseKey = createPurchaseKey()
    const bought = await waitForComputeEvent(colleague.client, {
      contracts,
      hash: await colleague.client.buyModel({
        termsId: posted.args.termsId,
        buyerKey: purchaseKey.buyerKey,
      }),
      contract: 'modelNft',
      eventName: 'PurchasePaid',
    })
    const { purchaseId, buyerKey } = bought.args
    await landed(payer, payer.client.releaseModelKey({ purchaseId, sealed: sealKey({ key, buyerKey }) }))
    const sealed = await colleague.client.getPurchase({ purchaseId })
    const { privateKey } = purchaseKey
    expect(openSealedKey({ privateKey, sealed, keyHash })).toEqual({ key, isPromised: true })
    await expect(
      colleague.client.disputePurchase({ purchaseId, privateKey, sellerKey: sealed.sellerKey }),
    ).rejects.toThrow('is the promised key')
    const settled = await waitForComputeEvent(colleague.client, {
      contracts,
      hash: await colleague.client.settlePurchase({ purchaseId }),
      contract: 'modelNft',
      eventName: 'PurchaseSettled',
    })
    expect(settled.args).toMatchObject({ sellerWei: parseEther('0.45'), royaltyWei: parseEther('0.05') })
    expect(await payer.client.isLicensed({ modelId, user: colleague.address })).toBe(true)
    await landed(payer, payer.client.divideRoyalties({ modelId }))
    const withdrawn = await waitForComputeEvent(payer.client, {
      contracts,
      hash: await payer.client.withdrawRoyalties({ creditor: payer.address }),
      contract: 'modelNft',
      eventName: 'Withdrawn',
    })
    expect(withdrawn.args.amountWei).toBe(parseEther('0.5'))
  })

  it('refunds a buyer who got another key than was promised', async () => {
    const { payer, colleague } = cast
    const { contracts } = stage.devnet
    const [minted] = (
      await getComputeEvents(stage.client, { contracts, of: ['modelNft'], fromBlock: 0n })
    ).filter(event => event.eventName === 'ModelMinted')
    const modelId = minted?.args.modelId ?? 0n
    const posted = await waitForComputeEvent(payer.client, {
      contracts,
      hash: await payer.client.postModelTerms({ modelId, sells: 'licence', priceWei: 1_000n }),
      contract: 'modelNft',
      eventName: 'TermsPosted',
    })
    const { privateKey, buyerKey } = createPurchaseKey()
    const bought = await waitForComputeEvent(colleague.client, {
      contracts,
      hash: await colleague.client.buyModel({ termsId: posted.args.termsId, buyerKey }),
      contract: 'modelNft',
      eventName: 'PurchasePaid',
    })
    const { purchaseId } = bought.args
    const sealed = sealKey({ key: generatePrivateKey(), buyerKey })
    await landed(payer, payer.client.releaseModelKey({ purchaseId, sealed }))
    const refunded = await waitForComputeEvent(colleague.client, {
      contracts,
      hash: await colleague.client.disputePurchase({ purchaseId, privateKey, sellerKey: sealed.sellerKey }),
      contract: 'modelNft',
      eventName: 'PurchaseRefunded',
    })
    expect(refunded.args).toMatchObject({ priceWei: 1_000n, disproved: true })
  })
})

describe('a ComputeAccount', () => {
  it('lets a session key act within its budgets, and no further', async () => {
    const { payer, offers } = cast
    const { contracts } = stage.devnet
    const key = privateKeyToAccount(generatePrivateKey())
    const hash = await payer.client.grantSessionKey({
      key: key.address,
      validUntilTimestamp: await inOneHour(),
      tokenBudgetWei: parseEther('0.1'),
      gasBudgetWei: parseEther('1'),
      gasPaymaster: contracts.paymaster,
      permissions: [
        { target: contracts.token, selectors: ['0x095ea7b3'] },
        toSessionPermission({
          target: contracts.instanceLease,
          abi: instanceLeaseAbi,
          functionNames: ['open', 'stopAndSettle'],
        }),
      ],
    })
    const { sessionKeyId } = await payer.client.waitForSessionKey({ hash })
    const account = await toSessionKeyAccount({
      client: payer.publicClient,
      address: payer.address,
      sessionKeyId,
      key,
    })
    const agent = createMarketClient(stage.devnet, { publicClient: payer.publicClient, account })
    const { leaseId, escrowWei } = await agent.waitForRental({
      hash: await agent.rentInstance({ offerId: offers.instance, seconds: 100 }),
    })
    expect((await agent.getLease({ leaseId })).payer).toBe(payer.address)
    await agent.waitForSettlement({ hash: await agent.stopLease({ leaseId }) })
    const left = await payer.client.getSessionKey({ computeAccount: payer.address, sessionKeyId })
    expect(left?.tokenLeftWei).toBe(parseEther('0.1') - escrowWei)
    expect(left?.gasLeftWei).toBeLessThan(parseEther('1'))
    await expect(agent.transferToken({ to: key.address, amountWei: 1n })).rejects.toThrow('may not call')
    await landed(payer, payer.client.revokeSessionKey({ sessionKeyId }))
    expect(await payer.client.getSessionKey({ computeAccount: payer.address, sessionKeyId })).toBeUndefined()
    await expect(agent.rentInstance({ offerId: offers.instance, seconds: 100 })).rejects.toThrow('is over')
  })

  it("is owned by a passkey, from its first operation on, with viem's own client", async () => {
    const { payer, colleague } = cast
    const { contracts } = stage.devnet
    const account = await toComputeAccount({ client: payer.publicClient, contracts, owner: createPasskey() })
    const client = createBundlerClient({
      account,
      client: payer.publicClient,
      transport: http(stage.devnet.bundlerUrl),
      pollingInterval: 200,
      paymaster: true,
      paymasterContext: { token: contracts.token },
    }).extend(computeActions({ contracts }))
    await giveTokens(stage, account.address, parseEther('1'))
    for (const amountWei of [3n, 4n]) {
      await client.waitForUserOperation({
        hash: await client.transferToken({ to: colleague.address, amountWei }),
      })
    }
    const permit = await client.signPermit({ signer: account, spender: colleague.address, amountWei: 77n })
    await landed(colleague, colleague.client.usePermit({ permit }))
    await client.waitForUserOperation({
      hash: await client.setGuardians({
        guardians: [payer.address, colleague.address],
        threshold: 2,
        delayBlocks: 60_480,
      }),
    })
    const computeAccount = account.address
    const newOwner = payer.address
    for (const guardian of [payer, colleague]) {
      await landed(guardian, guardian.client.supportRecovery({ computeAccount, newOwner }))
    }
    const { recovery } = await client.getGuardians({ computeAccount })
    expect(recovery?.newOwner).toBe(newOwner.toLowerCase())
    await expect(payer.client.executeRecovery({ computeAccount })).rejects.toThrow('from block')
    await client.waitForUserOperation({ hash: await client.cancelRecovery() })
    expect((await client.getGuardians({ computeAccount })).recovery).toBeUndefined()
  })
})
