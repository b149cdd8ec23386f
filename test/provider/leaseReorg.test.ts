// What a reorg does to machines: the chain's word holds, whatever it was before.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DaemonStage, startDaemonStage } from '../support/daemonStage.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let stage: DaemonStage

beforeAll(async () => {
  stage = await startDaemonStage({ folder, flags: { 'finality-blocks': 100 } })
})
afterAll(() => stage?.stop())

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

it('lets a machine stand still whose lease a reorg took out of the chain', async () => {
  const { chain } = stage
  const leaseId = await stage.rent()
  await stage.untilShown(leaseId, 'ready +running')
  const [opened] = await chain.client.getContractEvents({
    address: chain.deployment.contracts.instanceLease,
    abi: instanceLeaseAbi,
    eventName: 'LeaseOpened',
    args: { leaseId },
    fromBlock: 0n,
  })
  if (opened === undefined) throw new Error('The lease was not opened')
  await takeBack(opened.blockNumber)
  await chain.mineEvery(1)
  await stage.untilShown(leaseId, 'none +frozen')
})
