// Chapter 1: a lease is shared. The payer grants a right, its holder grants a part of that on; it is used,
// and revoked in the middle of its use. The money goes back to the payer alone.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { fundLease } from '@worldland-aa/sdk/actions/lease/fundLease'
import { grantRight } from '@worldland-aa/sdk/actions/rights/grantRight'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { openAccess, sealAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { parseEther } from 'viem'
import { coins } from '../figures.ts'
import { untilLease } from '../untilLease.ts'
import type { ChapterStage } from './chapter.ts'
import { costOf, eventOf, land } from './landing.ts'
import { refusalOf } from './refusalOf.ts'
import { accessTo } from './servingAgent.ts'
import { untilReady } from './untilReady.ts'

const paidSeconds = 600
const extraSeconds = 120
const creditWei = parseEther('0.1')
const brokerBps = 500

/** Returns the lease, in which chapter 5 trains. */
export async function playDelegation(stage: ChapterStage): Promise<bigint> {
  const { cast, offers, steps, signal, agent } = stage
  const { payer, lead, student, provider, broker } = cast
  const { contracts } = payer

  const leaseId = await steps.play('rent', 'A lease through a broker', async () => {
    const accessKey = createSealingKey()
    const sealedRequest = await payer.client.sealRentalRequest({
      offerId: offers.instance,
      accessPublicKey: accessKey.publicKey,
    })
    const landed = await land(
      payer,
      payer.client.rentInstance({
        offerId: offers.instance,
        seconds: paidSeconds,
        broker: { address: broker.address, basisPoints: brokerBps },
        sealedRequest,
      }),
    )
    const { args } = eventOf(landed, 'instanceLease', 'LeaseOpened')
    const lease = await untilReady(stage, payer, args.leaseId)
    const opened = await payer.client.openLeaseAccess({ leaseId: args.leaseId, accessKey })
    if (!opened.ok) throw new Error(opened.problem)
    return {
      value: args.leaseId,
      told: `Lease ${args.leaseId}: ${coins(args.escrowWei)} in escrow; accepted with a bond of ${coins(lease.bondWei)}, and ready at ${opened.access.ssh?.host}, which the payer's key alone reads`,
      ...costOf(landed),
    }
  })
  const market = { market: contracts.instanceLease, agreementId: leaseId }
  const { expiresAtTimestamp } = await payer.client.getRight({ rightId: rootRightOf(market) })

  const leadsRight = await steps.play('grant', 'A right for the lead', async () => {
    const calls = [
      ...fundLease.calls({ contracts, leaseId, amountWei: creditWei }),
      ...grantRight.calls({
        contracts,
        parentId: rootRightOf(market),
        to: lead.address,
        acts: ['use', 'extend', 'ping', 'grant'],
        budgetWei: creditWei,
        expiresAtTimestamp,
      }),
    ]
    const landed = await land(payer, sendBatch(payer.client, { contracts, calls }))
    return {
      value: eventOf(landed, 'usageRights', 'RightGranted').args.rightId,
      told: `One operation: ${coins(creditWei)} of credit, and a right to spend it for the lead`,
      ...costOf(landed),
    }
  })
  const studentsRight = await steps.play('subGrant', 'A part of it for the student', async () => {
    const budgetWei = creditWei / 2n
    const landed = await land(
      lead,
      lead.client.grantRight({
        parentId: leadsRight,
        to: student.address,
        acts: ['use', 'extend'],
        budgetWei,
        expiresAtTimestamp,
      }),
    )
    return {
      value: eventOf(landed, 'usageRights', 'RightGranted').args.rightId,
      told: `The lead grants the student half of it, ${coins(budgetWei)}`,
      ...costOf(landed),
    }
  })
  await steps.play('use', 'The student uses it', async () => {
    if (!(await provider.client.isAuthorized({ ...market, user: student.address }))) {
      throw new Error("The provider's gateway does not let the student in")
    }
    const studentsKey = createSealingKey()
    const place = { contracts, chainId: provider.publicClient.chain.id, leaseId }
    const sealedAccess = sealAccess({ ...place, to: studentsKey.publicKey, access: accessTo(leaseId) })
    const opened = openAccess({ ...place, sealedAccess, privateKey: studentsKey.privateKey })
    if (!opened.ok) throw new Error(opened.problem)
    const landed = await land(
      student,
      student.client.extendByRight({ leaseId, rightId: studentsRight, extraSeconds }),
    )
    const { spentWei } = await student.client.getRight({ rightId: studentsRight })
    return {
      value: undefined,
      told: `The gateway seals the way in to the student's key as well; ${extraSeconds} s more for ${coins(spentWei)} of the budget`,
      ...costOf(landed),
    }
  })
  await steps.play('ping', 'The lead asks for a sign of life', async () => {
    const landed = await land(lead, lead.client.pingProvider({ leaseId }))
    const answered = untilLease(payer, {
      leaseId,
      signal,
      isReached: ({ events }) => events.some(event => event.eventName === 'LeasePonged'),
    })
    await Promise.race([answered, agent.failed])
    return {
      value: undefined,
      told: "The agent answers in time and earns the ping's deposit",
      ...costOf(landed),
    }
  })
  await steps.play('revoke', 'Revoked in the middle of its use', async () => {
    const landed = await land(payer, payer.client.revokeRight({ rightId: leadsRight }))
    const { isInForce } = await payer.client.getRight({ rightId: studentsRight })
    if (isInForce) throw new Error("The student's right outlives the one it was granted from")
    return {
      value: undefined,
      told: "The payer revokes the lead's right; the student's, granted from it, is gone with it",
      ...costOf(landed),
    }
  })
  await steps.play('refused', 'The student tries again', async () => {
    const again = student.client.extendByRight({ leaseId, rightId: studentsRight, extraSeconds })
    const sentence = await refusalOf(again, 'NotAuthorized')
    if (await provider.client.isAuthorized({ ...market, user: student.address })) {
      throw new Error("The provider's gateway still lets the student in")
    }
    return { value: undefined, told: `Refused before it cost anything: "${sentence}"` }
  })
  await steps.play('stop', 'Stop and settle', async () => {
    const landed = await land(payer, payer.client.stopLease({ leaseId }))
    const { providerWei, brokerWei, refundWei } = eventOf(landed, 'instanceLease', 'LeaseSettled').args
    return {
      value: undefined,
      told: `${coins(providerWei)} to the provider, ${coins(brokerWei)} to the broker, ${coins(refundWei)} back to the payer`,
      costWei: providerWei + brokerWei,
      ...costOf(landed),
    }
  })
  return leaseId
}
