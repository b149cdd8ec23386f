// Who leads when, as the registry on the bench's chain has it.
import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import type { StartedChain } from '../benchChain.ts'

const windowBlocks = 4n
const epochBlocks = 256n
/** Stakes count that were there so many blocks before an epoch; its table is drawn from `rollBlocks` before it on. */
const stakeBlocks = 96n
const rollBlocks = 30n

/** Mines to an epoch in which the stakes of now count, with its table stored. */
export async function beginEpoch({ funder, testClient, contracts }: StartedChain): Promise<void> {
  const head = await funder.getBlockNumber({ cacheTime: 0 })
  const epoch = (head + stakeBlocks) / epochBlocks + 1n
  await testClient.mine({ blocks: Number(epoch * epochBlocks - rollBlocks - head) })
  const registry = { address: contracts.bundlerRegistry, abi: bundlerRegistryAbi } as const
  const hash = await funder.writeContract({ ...registry, functionName: 'rollEpoch' })
  await funder.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  await testClient.mine({ blocks: Number(rollBlocks) + 2 })
}

/** Whoever leads the window of the next block, and the one after it: they may promise now. */
export async function promisersNow({ funder, contracts }: StartedChain): Promise<readonly number[]> {
  const next = (await funder.getBlockNumber({ cacheTime: 0 })) + 1n
  const registry = { address: contracts.bundlerRegistry, abi: bundlerRegistryAbi } as const
  const ledFrom = (block: bigint) =>
    funder.readContract({ ...registry, functionName: 'leader', args: [block, 0n] })
  return await Promise.all([ledFrom(next), ledFrom(next + windowBlocks)])
}
