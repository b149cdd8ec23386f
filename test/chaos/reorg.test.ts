// Blocks vanish on a proof-of-work chain: what landed in them lands again, and is reported where it stands.
import type { Hash } from 'viem'
import { describe, expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import { eventually } from '../support/eventually.ts'
import { countLandings, readLandings } from '../support/landings.ts'

const stage = chaosStage({ accounts: 10 })

async function landEverywhere(count: number): Promise<readonly Hash[]> {
  const hashes = await stage.send(await stage.crowd.sign(count))
  await reportedWhereTheyStand(hashes)
  return hashes
}

/** The bundler's word against the chain's. */
async function reportedWhereTheyStand(hashes: readonly Hash[]): Promise<void> {
  await eventually(
    'the bundler and the chain agreeing where each landed',
    async () => {
      const landings = await readLandings(stage.chain.client)
      const statuses = await Promise.all(hashes.map(hash => stage.statusOf(hash)))
      return statuses.map(({ status, transactionHash }, index) => ({
        status,
        transactionHash,
        landed: landings.get(hashes[index] as Hash)?.map(landing => landing.transactionHash),
      }))
    },
    seen =>
      seen.every(
        ({ status, transactionHash, landed }) =>
          status === 'included' && landed?.length === 1 && landed[0] === transactionHash,
      ),
  )
}

async function depthOf(hashes: readonly Hash[]): Promise<number> {
  const landings = await readLandings(stage.chain.client)
  const blocks = hashes.flatMap(hash =>
    (landings.get(hash) ?? []).map(({ blockNumber }) => Number(blockNumber)),
  )
  return Number(await stage.chain.client.getBlockNumber({ cacheTime: 0 })) - Math.min(...blocks) + 1
}

describe('a reorg that drops the blocks of bundles', () => {
  it('is walked back: the operations land again, once, and are reported where they stand now', async () => {
    await stage.startBundler()
    const hashes = await landEverywhere(10)
    await stage.chain.mineEvery(0)
    await stage.chain.reorg(await depthOf(hashes))
    expect(await countLandings(stage.chain.client, hashes)).toEqual({ 0: 10 })
    await stage.chain.mineEvery(1)
    await stage.expectAllLandOnce(hashes)
    await reportedWhereTheyStand(hashes)
  })

  it('is walked back as well when it happens while the bundler is down', async () => {
    await stage.startBundler()
    const hashes = await landEverywhere(10)
    await stage.killBundler()
    await stage.chain.mineEvery(0)
    await stage.chain.reorg(await depthOf(hashes))
    expect(await countLandings(stage.chain.client, hashes)).toEqual({ 0: 10 })
    await stage.startBundler()
    await stage.chain.mineEvery(1)
    await stage.expectAllLandOnce(hashes)
    await reportedWhereTheyStand(hashes)
  })

  it('twice in a row loses nothing either', async () => {
    await stage.startBundler()
    const hashes = await landEverywhere(6)
    for (let round = 0; round < 2; round++) {
      await stage.chain.mineEvery(0)
      await stage.chain.reorg(await depthOf(hashes))
      await stage.chain.mineEvery(1)
      await reportedWhereTheyStand(hashes)
    }
    await stage.expectAllLandOnce(hashes)
  })
})
