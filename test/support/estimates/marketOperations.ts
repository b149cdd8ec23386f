// Operations on the market's own contracts, as its people send them, one building on the other.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { toCall } from '@worldland-aa/sdk/account/call'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import { grantRight } from '@worldland-aa/sdk/actions/rights/grantRight'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { openSession } from '@worldland-aa/sdk/actions/session/openSession'
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
import { postOffer } from '@worldland-aa/sdk/provider/postOffer'
import { redeemVoucher } from '@worldland-aa/sdk/provider/redeemVoucher'
import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
import { parseEther } from 'viem'
import type { EstimateStage } from './estimateStage.ts'
import { computeAccount, giveTokens, keyNumber, type Subject, simpleAccount, subjectOf } from './senders.ts'

const pricePerSecondWei = parseEther('0.0001')
const day = 24 * 3600

/** The chain must be fresh: ids are counted from 1. */
export async function* marketSubjects(stage: EstimateStage, rounds: number): AsyncGenerator<Subject> {
  const { client, deployment } = stage.chain
  const { contracts } = deployment
  const provider = await computeAccount(stage, keyNumber(30), 0)
  const payers = [await computeAccount(stage, keyNumber(31), 0), await simpleAccount(stage, 31)] as const
  for (const { address } of [provider, ...payers]) await giveTokens(stage, address, parseEther('50'))

  yield await subjectOf('a provider registers', provider, [
    ...registerProvider.calls({
      contracts,
      payout: provider.address,
      metadataUri: 'data:,{}',
      stakeWei: parseEther('20'),
      markets: [contracts.instanceLease, contracts.serverlessSession],
    }),
  ])
  for (const kind of ['instance', 'serverless'] as const) {
    const offer = postOffer.calls({
      contracts,
      kind,
      gpuModel: 'Test GPU',
      vramGiB: 24,
      region: 'KR-Test',
      capacityUnits: 40,
      pricePerSecondWei,
      bondPerUnitWei: parseEther('0.1'),
      minimumSeconds: 1,
      maximumSeconds: day,
    })
    yield await subjectOf('an offer', provider, [...offer])
  }
  for (let round = 1; round <= rounds; round++) {
    const payer = payers[round % 2] ?? payers[0]
    const expiresAtTimestamp = Number((await client.getBlock()).timestamp) + 1800
    const leaseId = BigInt(round)
    yield await subjectOf('a lease opened', payer, [
      ...rentInstance.calls({
        contracts,
        offerId: 1n,
        seconds: 600 + round,
        maximumPricePerSecondWei: pricePerSecondWei,
        ...(round % 3 === 0 && { broker: { address: keyNumber(33).address, basisPoints: 100 } }),
      }),
    ])
    yield await subjectOf('a lease accepted', provider, acceptLease.calls({ contracts, leaseId }))
    const ready = toCall(contracts.instanceLease, {
      abi: instanceLeaseAbi,
      functionName: 'ready',
      args: [leaseId, '0x01'],
    })
    yield await subjectOf('a machine ready', provider, [ready])
    yield await subjectOf('a right granted', payer, [
      ...grantRight.calls({
        contracts,
        parentId: rootRightOf({ market: contracts.instanceLease, agreementId: leaseId }),
        to: keyNumber(34).address,
        acts: ['use', 'stop'],
        expiresAtTimestamp: expiresAtTimestamp - 1300,
      }),
    ])
    // Something to settle: within the second in which a machine is ready nothing is owed.
    await stage.chain.anvil.increaseTime({ seconds: 30 })
    yield await subjectOf(
      'a lease stopped and settled',
      payer,
      stopLease.calls({ contracts, leaseId, state: 'ready' }),
    )
    const signer = keyNumber(35)
    yield await subjectOf('a session opened', payer, [
      ...openSession.calls({
        contracts,
        offerId: 2n,
        budgetWei: parseEther('0.1'),
        maximumPricePerSecondWei: pricePerSecondWei,
        expiresAtTimestamp,
        signer: signer.address,
      }),
    ])
    for (const sequence of [1n, 2n]) {
      const voucher = {
        sessionId: BigInt(round),
        rightId: rootRightOf({ market: contracts.serverlessSession, agreementId: BigInt(round) }),
        cumulativeWei: 10n * sequence * pricePerSecondWei,
        sequence,
        units: 10n * sequence,
      }
      const signed = await signVoucher({ contracts, chainId: 103, voucher, signer })
      yield await subjectOf('a voucher redeemed', provider, redeemVoucher.calls({ contracts, signed }))
    }
  }
}
