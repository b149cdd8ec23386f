// Chapter 3: a wallet is emptied while its lease runs. What it set aside when it signed pays for the end.
import { randomBytes } from 'node:crypto'
import { bytesToHex } from 'viem'
import { coins } from '../figures.ts'
import type { ChapterStage } from './chapter.ts'
import { costOf, eventOf, land } from './landing.ts'
import { untilReady } from './untilReady.ts'

const paidSeconds = 300

export async function playExit(stage: ChapterStage): Promise<void> {
  const { cast, offers, steps } = stage
  const { student } = cast
  const { client, address: holder } = student
  const tankWei = async () => (await client.getTank({ holder })).balanceWei

  const { leaseId, reserveWei } = await steps.play('rent', 'A lease and its exit', async () => {
    const landed = await land(
      student,
      client.rentInstance({ offerId: offers.instance, seconds: paidSeconds, exitReserveWei: 'quoted' }),
    )
    const { args } = eventOf(landed, 'instanceLease', 'LeaseOpened')
    const filled = eventOf(landed, 'paymaster', 'TankFilled').args
    await untilReady(stage, student, args.leaseId)
    return {
      value: { leaseId: args.leaseId, reserveWei: filled.amountWei },
      told: `One signature: ${coins(args.escrowWei)} in escrow for lease ${args.leaseId}, and ${coins(filled.amountWei)} in the student's gas tank`,
      ...costOf(landed),
    }
  })
  const spentWei = await steps.play('empty', 'The wallet is emptied', async () => {
    const amountWei = await client.getTokenBalance({ holder })
    const exchange = bytesToHex(randomBytes(20))
    const landed = await land(student, client.unwrapCoin({ to: exchange, amountWei, gasFrom: 'tank' }))
    const leftWei = await client.getTokenBalance({ holder })
    if (leftWei !== 0n) throw new Error(`The wallet still holds ${leftWei} wei of the token`)
    return {
      value: landed.gasWei,
      told: `The student cashes in all it holds, ${coins(amountWei)}: no token is left, and there never was a coin`,
      ...costOf(landed),
    }
  })
  await steps.play('stop', 'Stopped out of the tank', async () => {
    const landed = await land(student, client.stopLease({ leaseId, gasFrom: 'tank' }))
    const { providerWei, refundWei } = eventOf(landed, 'instanceLease', 'LeaseSettled').args
    const [leftWei, walletWei] = [await tankWei(), await client.getTokenBalance({ holder })]
    if (leftWei !== reserveWei - spentWei - landed.gasWei)
      throw new Error('The tank paid something else than gas')
    if (walletWei !== refundWei) throw new Error('The wallet was not empty, or the refund is not its own')
    return {
      value: undefined,
      told: `Its tank pays ${coins(landed.gasWei)} of gas: ${coins(providerWei)} to the provider, ${coins(refundWei)} back into the empty wallet`,
      costWei: providerWei,
      ...costOf(landed),
    }
  })
  await steps.play('withdraw', 'What the tank still holds', async () => {
    const landed = await land(student, client.withdrawTank({ amountWei: await tankWei() }))
    const { amountWei } = eventOf(landed, 'paymaster', 'TankWithdrawn').args
    return {
      value: undefined,
      told: `${coins(amountWei)} of the ${coins(reserveWei)} were not needed, and come back`,
      ...costOf(landed),
    }
  })
}
