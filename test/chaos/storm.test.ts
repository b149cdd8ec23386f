// Everything at once: crashes, reorgs, fee spikes, a node that comes and goes, and a rival who lands what is
// ours. What was acknowledged lands, and lands once.
import type { Hash } from 'viem'
import { parseGwei } from 'viem'
import { it } from 'vitest'
import { type BrittleLink, startBrittleLink } from '../support/brittleLink.ts'
import { chaosStage } from '../support/chaosStage.ts'
import type { CrowdOperation } from '../support/crowd.ts'
import { sendForeignBundle } from '../support/foreignBundle.ts'
import { seededRandom } from '../support/random.ts'

const random = seededRandom()
const stage = chaosStage({ accounts: 20 })
/** A quick machine is done sending before much has gone wrong: then it goes on going wrong while they land. */
const fewestBlows = 4
/** On a slow one nothing would be sent between two of them. */
const mostBlows = 25
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

it('loses nothing and lands nothing twice in a storm of all that can go wrong', async () => {
  const link = await startBrittleLink(stage.chain.rpcUrl)
  const start = () => stage.startBundler({ rpcUrl: link.url, executors: 3 })
  try {
    await start()
    const operations = await stage.crowd.sign(80, { maxFeePerGas: parseGwei('200') })
    const acknowledged: Hash[] = []
    const blows: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['crash', () => stage.killBundler().then(start)],
      ['reorg', () => stage.chain.whilePaused(() => stage.chain.reorg(random.between(1, 3)))],
      ['outage', () => outage(link, random.between(100, 1_500))],
      [
        'fee spike',
        () =>
          stage.chain.anvil.setNextBlockBaseFeePerGas({
            baseFeePerGas: parseGwei(String(random.between(5, 50))),
          }),
      ],
      ['rival', () => landByRival(operations, acknowledged)],
    ]
    const struck: string[] = []
    let sending = true
    async function storm(): Promise<void> {
      while (struck.length < (sending ? mostBlows : fewestBlows)) {
        await pause(random.between(100, 1_200))
        const [name, strike] = blows[random.between(0, blows.length - 1)] ?? ['calm', async () => undefined]
        struck.push(name)
        await strike()
      }
    }
    const storming = storm()
    const hashes = await stage.send(operations, { onAcknowledged: hash => acknowledged.push(hash) })
    sending = false
    await storming
    await stage.expectAllLandOnce(hashes)
  } finally {
    await link.stop()
  }
})

async function outage(link: BrittleLink, milliseconds: number): Promise<void> {
  await link.cut()
  await pause(milliseconds)
  await link.mend()
}

/** One of the acknowledged operations; it may have landed already, then the rival's bundle reverts. */
async function landByRival(
  operations: readonly CrowdOperation[],
  acknowledged: readonly Hash[],
): Promise<void> {
  const hash = acknowledged[random.between(0, acknowledged.length - 1)]
  const operation = operations.find(candidate => candidate.hash === hash)
  if (operation !== undefined) await sendForeignBundle(stage.chain, [operation])
}
