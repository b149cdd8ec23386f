// Somebody else's bundle carries our operation: it is found there, and our executor goes on.
import type { Hash } from 'viem'
import { expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import { eventually } from '../support/eventually.ts'
import { sendForeignBundle } from '../support/foreignBundle.ts'
import { readLandings } from '../support/landings.ts'

const stage = chaosStage({ accounts: 10 })

it('finds an operation where somebody else landed it, sends no second one, and goes on', async () => {
  await stage.startBundler({ executors: 1 })
  await stage.chain.mineEvery(0)
  const ours = await stage.crowd.sign(1)
  const [hash] = (await stage.send(ours)) as [Hash]
  await stage.allSubmitted([hash])
  const foreign = await sendForeignBundle(stage.chain, ours)
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
  const foreign = await sendForeignBundle(stage.chain, operations.slice(2, 3))
  await stage.chain.mineEvery(1)
  await stage.expectAllLandOnce(hashes)
  const [taken] = (await readLandings(stage.chain.client)).get(operations[2]?.hash as Hash) ?? []
  expect(taken?.transactionHash).toBe(foreign)
})
