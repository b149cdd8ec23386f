// Chapter 2: fifty requests, each paid by a signature, and one redemption for all of them.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { createDataTree } from '@worldland-aa/sdk/actions/provenance/createDataTree'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { signVoucher } from '@worldland-aa/sdk/actions/session/signVoucher'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import { closeSessionAsProvider } from '@worldland-aa/sdk/provider/closeSessionAsProvider'
import { type Hex, parseEther, stringToHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { coins } from '../figures.ts'
import type { ChapterStage } from './chapter.ts'
import { costOf, eventOf, land } from './landing.ts'

const requests = 50
const budgetWei = parseEther('0.2')
const hourSeconds = 3600

export async function playServerless(stage: ChapterStage): Promise<void> {
  const { network, cast, offers, steps } = stage
  const { payer, provider } = cast
  const { contracts } = payer
  /** Lives in a browser, say: it can spend the session's budget and nothing else. */
  const voucherKey = privateKeyToAccount(generatePrivateKey())

  const sessionId = await steps.play('open', 'A session', async () => {
    const { timestamp } = await payer.publicClient.getBlock()
    const landed = await land(
      payer,
      payer.client.openSession({
        offerId: offers.serverless,
        budgetWei,
        expiresAtTimestamp: Number(timestamp) + hourSeconds,
        signer: voucherKey.address,
      }),
    )
    const { args } = eventOf(landed, 'serverlessSession', 'SessionOpened')
    return {
      value: args.sessionId,
      told: `Session ${args.sessionId} is open with a budget of ${coins(budgetWei)}; a key of its own signs for it`,
      ...costOf(landed),
    }
  })
  const rightId = rootRightOf({ market: contracts.serverlessSession, agreementId: sessionId })
  const { pricePerSecondWei } = await payer.client.getSession({ sessionId })

  const last = await steps.play('requests', 'Requests', async update => {
    const receipts: Hex[] = []
    let previous: SignedVoucher | undefined
    for (let request = 1; request <= requests; request++) {
      // What a request brings is the provider's business; here it is a line of text, one second of work each.
      receipts.push(stringToHex(`answer ${request} of session ${sessionId}`))
      const units = BigInt(request)
      const signed = await signVoucher({
        contracts,
        chainId: network.chainId,
        signer: voucherKey,
        voucher: {
          sessionId,
          rightId,
          cumulativeWei: units * pricePerSecondWei,
          sequence: units,
          units,
          receiptsRoot: createDataTree(receipts).root,
        },
      })
      const accepted = previous === undefined ? [] : [previous]
      const verdict = await provider.client.verifyVoucher({ signed, accepted })
      if (!verdict.ok) throw new Error(`The provider does not take voucher ${request}: ${verdict.problem}`)
      previous = signed
      update(`${request} requests served, ${coins(signed.voucher.cumulativeWei)} owed`)
    }
    if (previous === undefined) throw new Error('Nothing was served')
    return {
      value: previous,
      told: `${requests} requests served, each paid by a voucher that the provider verified: no transaction at all`,
    }
  })
  await steps.play('redeem', 'One redemption', async () => {
    const landed = await land(provider, provider.client.redeemVoucher({ signed: last }))
    const { paidWei } = eventOf(landed, 'serverlessSession', 'VoucherRedeemed').args
    const gasPerRequest = landed.gasUsed / BigInt(requests)
    return {
      value: undefined,
      told: `The last voucher pays for all: ${coins(paidWei)}; ${landed.gasUsed} gas, ${gasPerRequest} a request (${coins(landed.gasWei / BigInt(requests))})`,
      costWei: paidWei,
      facts: { requests, gasPerRequest: Number(gasPerRequest) },
      ...costOf(landed),
    }
  })
  await steps.play('close', 'Closed', async () => {
    const calls = closeSessionAsProvider.calls({ contracts, sessionId })
    const landed = await land(provider, sendBatch(provider.client, { contracts, calls }))
    const { spentWei, refundWei } = eventOf(landed, 'serverlessSession', 'SessionFinalized').args
    if (spentWei + refundWei !== budgetWei) throw new Error('Paid and refunded are not the budget')
    return {
      value: undefined,
      told: `The provider closes the session: ${coins(refundWei)} of the budget come back at once`,
      ...costOf(landed),
    }
  })
}
