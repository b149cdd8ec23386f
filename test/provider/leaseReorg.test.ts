// What a reorg does to machines: the chain's word holds, whatever it was before.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import { type Hex, isAddressEqual, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDeploymentClient, type DeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { type DaemonStage, startDaemonStage } from '../support/daemonStage.ts'
import { sendInOrder } from '../support/sendInOrder.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: DaemonStage

beforeAll(async () => {
  stage = await startDaemonStage({ folder, flags: { 'finality-blocks': 100 } })
})
afterAll(() => stage?.stop())

/** Of the transactions of these blocks, those of the provider: signed, as a mempool keeps them. */
async function sentByProvider(fromBlock: bigint): Promise<Hex[]> {
  const { client, anvil } = stage.chain
  const sent: Hex[] = []
  for (let number = fromBlock; number <= (await client.getBlockNumber({ cacheTime: 0 })); number++) {
    const { transactions } = await client.getBlock({ blockNumber: number, includeTransactions: true })
    for (const { hash, from } of transactions)
      if (isAddressEqual(from, privateKeyToAddress(stage.provider.privateKey)))
        sent.push(
          (await anvil.request({ method: 'eth_getRawTransactionByHash', params: [hash] } as never)) as Hex,
        )
  }
  return sent
}

/** Empty blocks take the place of all since this one. */
async function takeBack(fromBlock: bigint): Promise<void> {
  const { chain } = stage
  await chain.mineEvery(0)
  await chain.reorg(Number((await chain.client.getBlockNumber()) - fromBlock) + 1)
}

it('thaws a machine whose stop a reorg took back, and it is the same machine', async () => {
  const { chain, provider } = stage
  const leaseId = await stage.rent()
  await stage.untilShown(leaseId, 'ready +running')
  const { blockNumber } = await stage.stopLease(leaseId)
  await stage.untilShown(leaseId, 'settled +frozen')
  await takeBack(blockNumber)
  expect((await stage.leaseOf(leaseId)).state).toBe('ready')
  await chain.mineEvery(1)
  await stage.untilShown(leaseId, 'ready +running')
  expect(provider.log()).toContain('its machine goes on: the chain has its lease again')
  // A machine that was made anew would have been started a second time.
  expect(provider.log().split('its machine was started').length - 1).toBe(1)
  await stage.stopLease(leaseId)
  await stage.untilShown(leaseId, 'settled +frozen')
})

async function openingsOf(leaseId: bigint) {
  const { client, deployment } = stage.chain
  return await client.getContractEvents({
    address: deployment.contracts.instanceLease,
    abi: instanceLeaseAbi,
    eventName: 'LeaseOpened',
    args: { leaseId },
    fromBlock: 0n,
  })
}

/** Somebody else who can pay. */
async function newRenter(): Promise<DeploymentClient> {
  const { rpcUrl, faucet, deployment } = stage.chain
  const renter = await createDeploymentClient({
    ...{ rpcUrl, privateKey: generatePrivateKey(), pollMilliseconds: 50 },
  })
  const hash = await faucet.sendTransaction({ to: renter.account.address, value: parseEther('50') })
  await faucet.waitForTransactionReceipt({ hash })
  await sendInOrder(renter, wrapCoin.calls({ contracts: deployment.contracts, amountWei: parseEther('20') }))
  return renter
}

/** What the renter would send for the same offer, signed. */
async function signedRental(renter: DeploymentClient, { offerId, pricePerSecondWei }: Lease): Promise<Hex[]> {
  const { contracts } = stage.chain.deployment
  const wanted = { contracts, offerId, seconds: 3_600, maximumPricePerSecondWei: pricePerSecondWei }
  const calls = rentInstance.calls({ ...wanted, sealedRequest: undefined, imageDigest: undefined })
  const first = await renter.getTransactionCount({ address: renter.account.address })
  const signed = calls.map(async (call, index) => {
    const terms = { ...call, account: renter.account, gas: 1_500_000n, nonce: first + index } as const
    return await renter.signTransaction(await renter.prepareTransactionRequest(terms))
  })
  return await Promise.all(signed)
}

it('lets nobody pay for a lease that was accepted and made ready by what was sent for another one', async () => {
  const { chain, provider } = stage
  const renter = await newRenter()
  const leaseId = await stage.rent()
  await stage.untilShown(leaseId, 'ready +running')
  await chain.mineEvery(0)
  const [opened] = await openingsOf(leaseId)
  if (opened === undefined) throw new Error('The lease was not opened')
  const late = await sentByProvider(opened.blockNumber)
  const rental = await signedRental(renter, await stage.leaseOf(leaseId))
  // In the place of the first lease somebody else's is opened; what the provider sent for the first lands on it.
  const depth = Number((await chain.client.getBlockNumber({ cacheTime: 0 })) - opened.blockNumber) + 1
  const replaced = [...rental.map(raw => [raw, 0]), ...late.map((raw, index) => [raw, index + 1])]
  await chain.anvil.request({ method: 'anvil_reorg', params: [depth, replaced] } as never)
  const second = await stage.leaseOf(leaseId)
  expect(second).toMatchObject({ payer: renter.account.address, state: 'ready' })
  await chain.mineEvery(1)
  await stage.untilShown(leaseId, 'settled +frozen')
  expect(provider.log()).toContain('another lease has this number now')
  const { costWei, escrowWei } = await stage.leaseOf(leaseId)
  expect(Number(costWei)).toBeLessThan(Number(escrowWei) / 10)
})

it('lets a machine stand still whose lease a reorg took out of the chain', async () => {
  const { chain } = stage
  const leaseId = await stage.rent()
  await stage.untilShown(leaseId, 'ready +running')
  const [opened] = await openingsOf(leaseId)
  if (opened === undefined) throw new Error('The lease was not opened')
  await takeBack(opened.blockNumber)
  await chain.mineEvery(1)
  await stage.untilShown(leaseId, 'none +frozen')
})
