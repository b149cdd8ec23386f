// The rights of a session change hands: lent, chosen, sold by a marketplace, taken back. Then the session ends.
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
import { parseEther } from 'viem'
import { expect } from 'vitest'
import { landed } from '../../support/marketCast.ts'
import { inSeconds, type Scene } from './scene.ts'

export const sessionBudgetWei = parseEther('0.1')
export const topUpWei = parseEther('0.02')
const rightBudgetWei = parseEther('0.03')

export type ClosedSession = { readonly sessionId: bigint }

export async function playRights({ stage, cast, people }: Scene): Promise<ClosedSession> {
  const { contracts } = stage.devnet
  const { owner, guest, marketplace } = people
  const heir = cast.colleague.address
  const visitor = cast.payer.address
  const opened = await waitForComputeEvent(owner.client, {
    contracts,
    hash: await owner.client.openSession({
      offerId: cast.offers.serverless,
      budgetWei: sessionBudgetWei,
      expiresAtTimestamp: await inSeconds(stage, 7200),
      signer: owner.address,
    }),
    contract: 'serverlessSession',
    eventName: 'SessionOpened',
  })
  const { sessionId } = opened.args
  const agreement = { market: contracts.serverlessSession, agreementId: sessionId }
  const rootId = rootRightOf(agreement)
  const expiresAtTimestamp = await inSeconds(stage, 3600)
  const grant = async (acts: readonly ('use' | 'extend')[], budgetWei: bigint) => {
    const { args } = await waitForComputeEvent(owner.client, {
      contracts,
      hash: await owner.client.grantRight({
        parentId: rootId,
        to: guest.address,
        acts,
        budgetWei,
        expiresAtTimestamp,
      }),
      contract: 'usageRights',
      eventName: 'RightGranted',
    })
    return args.rightId
  }
  const firstId = await grant(['use'], rightBudgetWei)
  const secondId = await grant(['use', 'extend'], 0n)
  // A limit, of which nothing is set aside.
  const restOf = async (rightId: bigint) => (await owner.client.getRight({ rightId })).restWei
  expect(await restOf(firstId)).toBe(rightBudgetWei)
  expect(await restOf(rootId)).toBe(sessionBudgetWei)

  const mayExtend = () =>
    guest.client.isAuthorized({ ...agreement, user: guest.address, acts: ['use', 'extend'] })
  expect(await mayExtend()).toBe(false)
  await landed(guest, guest.client.chooseRight({ rightId: secondId }))
  expect(await mayExtend()).toBe(true)

  const mayUse = () => guest.client.isRightAuthorized({ rightId: firstId, user: visitor })
  expect(await mayUse()).toBe(false)
  await landed(guest, guest.client.setRightUser({ rightId: firstId, user: visitor, expiresAtTimestamp }))
  expect(await mayUse()).toBe(true)
  expect((await guest.client.getRight({ rightId: firstId })).user).toBe(visitor)

  const sale = { rightId: firstId, from: guest.address, to: heir }
  await expect(marketplace.client.transferRight(sale)).rejects.toMatchObject({
    errorName: 'ERC721InsufficientApproval',
  })
  await landed(guest, guest.client.approveRight({ rightId: firstId, operator: marketplace.address }))
  await landed(marketplace, marketplace.client.transferRight(sale))
  expect(await owner.client.getRight({ rightId: firstId })).toMatchObject({ owner: heir, user: undefined })
  expect(await mayUse()).toBe(false)

  await landed(owner, owner.client.revokeRight({ rightId: firstId }))
  expect((await guest.client.getRight({ rightId: firstId })).isInForce).toBe(false)
  await landed(guest, guest.client.topUpSession({ sessionId, amountWei: topUpWei }))
  await expect(guest.client.closeSession({ sessionId })).rejects.toThrow(guest.address)
  await landed(owner, owner.client.closeSession({ sessionId }))
  expect(await owner.client.getSession({ sessionId })).toMatchObject({
    state: 'closing',
    budgetWei: sessionBudgetWei + topUpWei,
  })
  await expect(owner.client.finalizeSession({ sessionId })).rejects.toThrow('block')
  return { sessionId }
}
