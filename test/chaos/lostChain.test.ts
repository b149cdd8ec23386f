// A node that is killed comes back at the last block it had written down: the bundler says so, and goes on from there.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings } from '../support/landings.ts'
import { errorOf } from '../support/rpc.ts'

const stage = chaosStage({ accounts: 6 })

type Health = { readonly healthy: boolean; readonly checks: { readonly node: string; readonly head: string } }

async function health(): Promise<Health & { readonly status: number }> {
  const response = await fetch(`${stage.bundler.url}/health`)
  return { status: response.status, ...((await response.json()) as Health) }
}

it('is told by /health and by every refusal, with both heights, and what was acknowledged lands on the chain there is', async () => {
  await stage.startBundler({ flags: { 'lag-patience-seconds': 21 } })
  await stage.chain.mineEvery(0)
  const flushed = await stage.chain.anvil.snapshot()
  const flushedNumber = await stage.chain.client.getBlockNumber({ cacheTime: 0 })
  await stage.chain.mineEvery(1)
  const hashes = await stage.send(await stage.crowd.sign(6))
  await eventually(
    'all landing',
    () => countLandings(stage.chain.client, hashes),
    counts => counts[1] === 6,
  )
  await stage.chain.mineEvery(0)
  await stage.chain.anvil.mine({ blocks: 40 })
  const lostNumber = await stage.chain.client.getBlockNumber({ cacheTime: 0 })
  await eventually(
    'the last block being taken in',
    health,
    ({ checks }) => BigInt(checks.head) === lostNumber,
  )

  await stage.chain.anvil.revert({ id: flushed })
  const ill = await eventually('/health telling of it', health, ({ status }) => status === 503)
  expect(ill.checks.node).toContain(`at block ${flushedNumber} and had shown block ${lostNumber}`)
  const [one] = await stage.crowd.sign(1)
  const error = await errorOf(stage.bundler.url, 'eth_sendUserOperation', one?.wire, entryPoint07Address)
  expect(error.message).toContain(`at block ${flushedNumber} and had shown block ${lostNumber}`)

  const well = await eventually('the bundler going on from there', health, ({ status }) => status === 200)
  expect(BigInt(well.checks.head)).toBe(flushedNumber)
  await stage.chain.mineEvery(1)
  await stage.expectAllLandOnce(hashes)
})
