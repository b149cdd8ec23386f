// The SDK's actions that are seldom used, end to end: with actions.test.ts and the demo every one is. Scenes that
// have nothing to do with each other play at once; then an hour of blocks passes.
import type { Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { landed } from '../support/marketCast.ts'
import { playAccount } from './scenes/accountScene.ts'
import { playModel } from './scenes/modelScene.ts'
import { type ClosedSession, playRights, sessionBudgetWei, topUpWei } from './scenes/rightsScene.ts'
import { mineBlocks, openScene, type Scene } from './scenes/scene.ts'
import { playTank } from './scenes/tankScene.ts'

const stage = devnetStage({ serving: false })
/** More than a lease waits to be accepted, and a closed session to be challenged. */
const anHourOfBlocks = 361

let scene: Scene
let closed: ClosedSession
let unsignedRecord: Hex
let unacceptedLease: bigint

beforeAll(async () => {
  scene = await openScene(stage)
})

describe('at first', { timeout: 120_000 }, () => {
  it.concurrent('a lease of an empty wallet is stopped with gas out of its tank, to the wei', async () => {
    await playTank(scene)
  })
  it.concurrent('a right is lent, chosen and sold, and its session closed by who pays for it', async () => {
    closed = await playRights(scene)
  })
  it.concurrent('a model is refunded, its royalties collected, itself handed over', async () => {
    unsignedRecord = await playModel(scene)
  })
  it.concurrent('an account changes its agent, its implementation and its owner', async () => {
    await playAccount(scene)
  })
  it.concurrent('a lease waits for a provider that does not come', async () => {
    const { payer } = scene.cast
    const hash = await payer.client.rentInstance({ offerId: scene.cast.offers.instance, seconds: 60 })
    unacceptedLease = (await payer.client.waitForRental({ hash })).leaseId
    await expect(payer.client.expireLease({ leaseId: unacceptedLease })).rejects.toThrow('block')
  })
})

describe('after an hour of blocks', () => {
  beforeAll(async () => await mineBlocks(stage, anHourOfBlocks))

  it.concurrent('the payer finalizes its session and has all of it back that was not used', async () => {
    const { marketplace, owner } = scene.people
    const holdings = () => owner.client.getTokenBalance({ holder: owner.address })
    const before = await holdings()
    await landed(marketplace, marketplace.client.finalizeSession({ sessionId: closed.sessionId }))
    expect(await holdings()).toBe(before + sessionBudgetWei + topUpWei)
    expect((await owner.client.getSession({ sessionId: closed.sessionId })).state).toBe('finalized')
  })

  it.concurrent('anybody expires the lease that nobody accepted, and the payer is refunded', async () => {
    const { payer, colleague } = scene.cast
    const holdings = () => payer.client.getTokenBalance({ holder: payer.address })
    const [before, lease] = [await holdings(), await payer.client.getLease({ leaseId: unacceptedLease })]
    await landed(colleague, colleague.client.expireLease({ leaseId: unacceptedLease }))
    expect(await holdings()).toBe(before + lease.escrowWei)
    expect((await payer.client.getLease({ leaseId: unacceptedLease })).state).toBe('expired')
  })

  it.concurrent('a provider refuses its signature under a training for good, and may not leave at once', async () => {
    const { provider } = scene.cast
    await landed(provider, provider.client.contestTraining({ recordId: unsignedRecord }))
    const signing = provider.client.countersignTraining({ recordId: unsignedRecord, party: 'provider' })
    await expect(signing).rejects.toThrow('contested')
    const { providerStance } = await provider.client.getTrainingRecord({ recordId: unsignedRecord })
    expect(providerStance).toBe('contested')
    await landed(provider, provider.client.requestUnstake({ amountWei: 1n }))
    await expect(provider.client.withdrawStake()).rejects.toThrow('from block')
  })
})
