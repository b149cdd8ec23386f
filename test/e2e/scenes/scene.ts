// What the scenes of the SDK's actions share: the stage, the market's cast, and accounts of a scene's own, so that
// several scenes may play at once without waiting for each other's nonces.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { transferToken } from '@worldland-aa/sdk/actions/token/transferToken'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import type { Health } from '@worldland-aa/service/http/server'
import { createTestClient, http, parseEther } from 'viem'
import { type Actor, createActor } from '../../../scripts/demo/actor.ts'
import type { DevnetStage } from '../../support/devnet.ts'
import { eventually } from '../../support/eventually.ts'
import { castMarket, landed, type MarketCast } from '../../support/marketCast.ts'

const names = ['tenant', 'owner', 'guest', 'marketplace', 'creator', 'buyer', 'wanderer'] as const

export type Scene = {
  readonly stage: DevnetStage
  readonly cast: MarketCast
  readonly people: Readonly<Record<(typeof names)[number], Actor>>
}

/** Everybody holds half a token coin, out of the payer's pocket. */
export async function openScene(stage: DevnetStage): Promise<Scene> {
  const cast = await castMarket(stage)
  const { contracts } = stage.devnet
  const actors = await Promise.all(names.map(name => createActor(stage.devnet, name)))
  const calls = actors.flatMap(({ address }) =>
    transferToken.calls({ contracts, to: address, amountWei: parseEther('0.5') }),
  )
  await landed(cast.payer, sendBatch(cast.payer.client, { contracts, calls }))
  return {
    stage,
    cast,
    people: Object.fromEntries(actors.map(actor => [actor.name, actor])) as Scene['people'],
  }
}

/** Only while no operation is on its way: what waits counts blocks. */
export async function mineBlocks({ client, devnet }: DevnetStage, blocks: number): Promise<void> {
  await createTestClient({ mode: 'anvil', chain: worldland, transport: http(devnet.rpcUrl) }).mine({ blocks })
  await bundlerAt(devnet, await client.getBlockNumber({ cacheTime: 0 }))
}

async function bundlerAt({ bundlerUrl }: DevnetStage['devnet'], block: bigint): Promise<void> {
  await eventually(
    `block ${block} at the bundler`,
    async () => ((await (await fetch(`${bundlerUrl}/health`)).json()) as Health).checks.head ?? '0',
    head => BigInt(head) >= block,
  )
}

export async function inSeconds({ client }: DevnetStage, seconds: number): Promise<number> {
  return Number((await client.getBlock()).timestamp) + seconds
}
