// The full story, after the rental: six chapters of user operations, each with its books.

import type { DevnetFile } from '../../devnet/startDevnet.ts'
import { coins } from '../figures.ts'
import { createNodeClient } from '../marketClient.ts'
import type { Stage } from '../stage.ts'
import { createSteps, type Steps, stepTable } from '../steps.ts'
import { createCast, giveTokens, openShop, peopleOf } from './cast.ts'
import type { ToldChapter } from './chapter.ts'
import { chapterBooksTable } from './chapterFigures.ts'
import { playDelegation } from './delegation.ts'
import { playExit } from './exit.ts'
import { playFault } from './fault.ts'
import { costOf } from './landing.ts'
import { openLedger } from './ledger.ts'
import { playProvenance } from './provenance.ts'
import { playResale } from './resale.ts'
import { playServerless } from './serverless.ts'
import { startServingAgent } from './servingAgent.ts'

export async function playFullStory(options: {
  readonly network: DevnetFile
  readonly stage: Stage
  readonly signal: AbortSignal
}): Promise<readonly ToldChapter[]> {
  const { network, stage, signal } = options
  const client = createNodeClient(network)
  const cast = await createCast(network)
  const ledger = await openLedger(network, { client, people: peopleOf(cast) })
  const told: ToldChapter[] = []

  async function chapter<Outcome>(
    name: string,
    title: string,
    play: (steps: Steps) => Promise<Outcome>,
  ): Promise<Outcome> {
    stage.note(title, [])
    const steps = createSteps(stage, signal)
    const outcome = await play(steps)
    const books = await steps.play('books', 'The books', async () => ({
      value: await ledger.close(),
      told: 'Every balance is what the events say, to the wei',
    }))
    told.push({ name, title, steps: steps.all, books })
    stage.note('What it cost and how long it took', stepTable(steps.all))
    stage.note('The books, to the wei', chapterBooksTable(books))
    return outcome
  }

  const offers = await chapter('cast', 'Seven accounts, none with a native coin', steps => assemble(steps))
  const agent = startServingAgent(cast.provider, { fromBlock: await client.getBlockNumber({ cacheTime: 0 }) })
  try {
    const scene = (steps: Steps) => ({ network, cast, offers, agent, steps, signal })
    const leaseId = await chapter('delegation', '1. A lease is shared, and the right taken back', steps =>
      playDelegation(scene(steps)),
    )
    await chapter('serverless', '2. Fifty requests, one payment', steps => playServerless(scene(steps)))
    await chapter('exit', '3. An empty wallet stops its lease', steps => playExit(scene(steps)))
    await chapter('fault', '4. A provider is killed', steps => playFault(scene(steps)))
    const trained = await chapter('provenance', '5. What was trained on what', steps =>
      playProvenance(scene(steps), leaseId),
    )
    await chapter('resale', '6. A model is licensed, sold and sold again', steps =>
      playResale(scene(steps), trained),
    )
  } finally {
    agent.kill()
  }
  return told

  async function assemble(steps: Steps) {
    await steps.play('tokens', 'Tokens from the faucet', async () => ({
      value: undefined,
      told: `The faucet gives ${coins(await giveTokens(network, cast))} to six of them; the broker starts with nothing`,
    }))
    return await steps.play('shop', 'A provider opens', async () => {
      const { landed, offers: posted } = await openShop(cast.provider)
      return {
        value: posted,
        told: 'One operation: deploy the account, register, stake a bond, post an instance and a serverless offer',
        ...costOf(landed),
      }
    })
  }
}
