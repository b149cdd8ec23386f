// Somebody else's bundle carries our operation: it is found there, and our executor goes on.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Hash, parseGwei } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import { expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import type { CrowdOperation } from '../support/crowd.ts'
import { eventually } from '../support/eventually.ts'
import { readLandings } from '../support/landings.ts'
import { fromWire } from '../support/wireOperation.ts'

const stage = chaosStage({ accounts: 10 })

/** Pays more than ours, so that it is mined first. */
function sendForeignBundle(operations: readonly CrowdOperation[]): Promise<Hash> {
  const { faucet } = stage.chain
  return faucet.writeContract({
    address: entryPoint07Address,
    abi: entryPoint07Abi,
    functionName: 'handleOps',
    args: [operations.map(({ wire }) => toPackedUserOperation(fromWire(wire))), faucet.account.address],
    gas: 3_000_000n,
    maxFeePerGas: parseGwei('500'),
    maxPriorityFeePerGas: parseGwei('100'),
  })
}

it('finds an operation where somebody else landed it, sends no second one, and goes on', async () => {
  await stage.startBundler({ executors: 1 })
  await stage.chain.mineEvery(0)
  const ours = await stage.crowd.sign(1)
  const [hash] = (await stage.send(ours)) as [Hash]
  await stage.allSubmitted([hash])
  const foreign = await sendForeignBundle(ours)
  await stage.chain.mineEvery(1)
  await eventually(
    'the bundler seeing where it landed',
    () => stage.statusOf(hash),
    ({ status, transactionHash }) => status === 'included' && transactionHash === foreign,
  )
  await stage.expectAllLandOnce([hash, ...(await stage.send(await stage.crowd.sign(5)))])
})

it('lands the rest of a bundle of which somebody took one operation', async () => {
  await stage.startBundler({ executors: 1 })
  await stage.chain.mineEvery(0)
  const operations = await stage.crowd.sign(6)
  const hashes = await stage.send(operations)
  await stage.allSubmitted(hashes)
  const foreign = await sendForeignBundle(operations.slice(2, 3))
  await stage.chain.mineEvery(1)
  await stage.expectAllLandOnce(hashes)
  const [taken] = (await readLandings(stage.chain.client)).get(operations[2]?.hash as Hash) ?? []
  expect(taken?.transactionHash).toBe(foreign)
})
