// A market for tests of what a provider serves: a chain at London with the contracts, a provider with an offer, a payer and
// whoever else is wanted, each with an ordinary key, so that nothing but a chain runs.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { usageRightsAbi } from '@worldland-aa/sdk/abi/usageRights'
import type { Call } from '@worldland-aa/sdk/account/call'
import { waitForCalls } from '@worldland-aa/sdk/account/waitForCalls'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { grantRight } from '@worldland-aa/sdk/actions/rights/grantRight'
import type { RightAct } from '@worldland-aa/sdk/actions/rights/rightActs'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
import { type Address, type Hex, parseEther, parseEventLogs, type TransactionReceipt } from 'viem'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { startTestChain, type TestChain } from './chain.ts'
import { anvilKey } from './keys.ts'

export type LeaseStage = {
  readonly chain: TestChain
  readonly contracts: ComputeContracts
  readonly provider: DeploymentClient
  readonly payer: DeploymentClient
  readonly colleague: DeploymentClient
  readonly stranger: DeploymentClient
  /** Mined at once; throws where it is refused. */
  send(sender: DeploymentClient, calls: readonly Call[]): Promise<TransactionReceipt>
  /** A lease that the provider accepted, and made ready where an access is given. */
  rent(options?: { seconds?: number; sealedRequest?: Hex; access?: Hex }): Promise<bigint>
  /** From the payer's root right, for an hour; the right's id. */
  grant(leaseId: bigint, to: Address, acts?: readonly RightAct[]): Promise<bigint>
  stop(): Promise<void>
}

const pricePerSecondWei = parseEther('0.0001')
const offerId = 1n

export async function startLeaseStage(): Promise<LeaseStage> {
  const chain = await startTestChain()
  const { contracts } = chain.deployment
  const person = (index: number) =>
    createDeploymentClient({ rpcUrl: chain.rpcUrl, privateKey: anvilKey(index), pollMilliseconds: 50 })
  const [provider, payer, colleague, stranger] = await Promise.all([
    person(1),
    person(2),
    person(3),
    person(4),
  ])

  const send: LeaseStage['send'] = async (sender, calls) => {
    let last: TransactionReceipt | undefined
    for (const call of calls) {
      last = await sender.waitForTransactionReceipt({ hash: await sender.sendTransaction(call) })
      if (last.status !== 'success') throw new Error(`A call to ${call.to} failed`)
    }
    if (last === undefined) throw new Error('There is nothing to send')
    return last
  }
  for (const { account } of [provider, payer]) {
    const deposit = { address: contracts.token, abi: computeTokenAbi, functionName: 'depositTo' } as const
    const hash = await chain.faucet.writeContract({
      ...deposit,
      args: [account.address],
      value: parseEther('100'),
    })
    await chain.faucet.waitForTransactionReceipt({ hash })
  }
  const registered = await registerProvider(provider, {
    contracts,
    payout: provider.account.address,
    metadataUri: 'data:,{}',
    stakeWei: parseEther('50'),
    markets: [contracts.instanceLease, contracts.serverlessSession],
    offers: [
      {
        gpuModel: 'Test GPU',
        vramGiB: 24,
        region: 'KR-Test',
        capacityUnits: 64,
        pricePerSecondWei,
        bondPerUnitWei: parseEther('0.1'),
        minimumSeconds: 1,
        maximumSeconds: 24 * 3600,
      },
    ],
  })
  await waitForCalls(provider, registered)
  return {
    ...{ chain, contracts, provider, payer, colleague, stranger, send },
    async rent({ seconds = 3600, sealedRequest = '0x', access } = {}) {
      const terms = { contracts, offerId, seconds, sealedRequest, gasAllowanceWei: undefined }
      await send(payer, rentInstance.calls({ ...terms, maximumPricePerSecondWei: pricePerSecondWei }))
      const count = {
        address: contracts.instanceLease,
        abi: instanceLeaseAbi,
        functionName: 'leaseCount',
      } as const
      const leaseId = await payer.readContract(count)
      await send(provider, acceptLease.calls({ contracts, leaseId }))
      if (access !== undefined) await send(provider, readyLease.calls({ contracts, leaseId, access }))
      return leaseId
    },
    async grant(leaseId, to, acts = ['use']) {
      const parentId = rootRightOf({ market: contracts.instanceLease, agreementId: leaseId })
      const { timestamp } = await payer.getBlock()
      const terms = { contracts, parentId, to, acts, expiresAtTimestamp: Number(timestamp) + 3600 }
      const { logs } = await send(payer, grantRight.calls(terms))
      const [granted] = parseEventLogs({ abi: usageRightsAbi, eventName: 'RightGranted', logs })
      if (granted === undefined) throw new Error('No right was granted')
      return granted.args.rightId
    },
    stop: () => chain.stop(),
  }
}
