// kill -9 at the worst moments: what was acknowledged lands, and lands once.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Hash } from 'viem'
import { describe, expect, it } from 'vitest'
import { chaosStage } from '../support/chaosStage.ts'
import { countLandings } from '../support/landings.ts'
import { seededRandom } from '../support/random.ts'
import { resultOf } from '../support/rpc.ts'

const random = seededRandom()
const stage = chaosStage({ accounts: 30 })
const start = () => stage.startBundler({ executors: 4 })

describe('kill -9 of the bundler', () => {
  it('after 100 acknowledged operations, none mined: after a restart all 100 land exactly once', async () => {
    await start()
    await stage.chain.mineEvery(0)
    const operations = await stage.crowd.sign(100)
    const hashes = await stage.send(operations, { concurrency: 8 })
    expect(await countLandings(stage.chain.client, hashes)).toEqual({ 0: 100 })
    await stage.killBundler()

    const { url } = await start()
    await stage.chain.mineEvery(1)
    await stage.expectAllLandOnce(hashes)
    for (const { hash, wire } of operations) {
      expect(await resultOf(url, 'eth_getUserOperationByHash', hash)).toMatchObject({
        userOperation: wire,
        entryPoint: entryPoint07Address,
        transactionHash: expect.stringMatching(/^0x/),
      })
    }
  })

  it('while some wait, some are in a bundle and some have landed: all land exactly once', async () => {
    await start()
    let acknowledged = 0
    let restart: Promise<unknown> | undefined
    const hashes = await stage.send(await stage.crowd.sign(60), {
      concurrency: 8,
      onAcknowledged() {
        if (++acknowledged === 35) restart = stage.killBundler().then(start)
      },
    })
    await restart
    await stage.expectAllLandOnce(hashes)
  })

  it('again and again at random moments while operations flow: all land exactly once', async () => {
    await start()
    let sending = true
    async function killNowAndThen(): Promise<number> {
      let kills = 0
      for (; sending && kills < 6; kills++) {
        await new Promise(resolve => setTimeout(resolve, random.between(50, 1_500)))
        await stage.killBundler()
        await start()
      }
      return kills
    }
    const killing = killNowAndThen()
    const hashes = await stage.send(await stage.crowd.sign(80))
    sending = false
    expect(await killing).toBeGreaterThan(0)
    await stage.expectAllLandOnce(hashes)
  })

  it('at many moments around a block, with a reorg while it is down: all land exactly once', async () => {
    await start()
    const hashes: Hash[] = []
    for (let round = 0; round < 8; round++) {
      await stage.chain.mineEvery(0)
      hashes.push(...(await stage.send(await stage.crowd.sign(8), { concurrency: 8 })))
      await stage.allSubmitted(hashes.slice(-8))
      // The block is taken in within some ten milliseconds; the kill comes before, within and after.
      await stage.chain.anvil.mine({ blocks: 1 })
      await new Promise(resolve => setTimeout(resolve, 90 + round * 15))
      await stage.killBundler()
      await stage.chain.reorg(1)
      await start()
      await stage.chain.mineEvery(1)
      await stage.expectAllLandOnce(hashes)
    }
  })

  it('is no worse than SIGTERM, which ends with 0 and loses nothing either', async () => {
    const before = await start()
    await stage.chain.mineEvery(0)
    const hashes = await stage.send(await stage.crowd.sign(20))
    expect(await before.stop()).toBe(0)
    await start()
    await stage.chain.mineEvery(1)
    await stage.expectAllLandOnce(hashes)
  })
})
