// Opens a session by an ordinary key, which pays for it and signs its vouchers. What it lacks in tokens it wraps of its coin.
import { type Account, type Chain, type Client, parseEventLogs, type Transport } from 'viem'
import { getBlock } from 'viem/actions'
import { serverlessSessionAbi } from '../../abi/serverlessSession.ts'
import { sendCalls } from '../../account/sendCalls.ts'
import { waitForTransaction } from '../../account/waitForTransaction.ts'
import { getOffer } from '../../actions/market/getOffer.ts'
import { openSession } from '../../actions/session/openSession.ts'
import { getTokenBalance } from '../../actions/token/getTokenBalance.ts'
import { wrapCoin } from '../../actions/token/wrapCoin.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'

/** The session's id, once it is in a block. */
export async function openPaidSession(
  wallet: Client<Transport, Chain, Account>,
  parameters: WithContracts & {
    readonly offerId: bigint
    readonly budgetWei: bigint
    readonly hours: number
  },
): Promise<bigint> {
  const { contracts, offerId, budgetWei, hours } = parameters
  const [offer, block, heldWei] = await Promise.all([
    getOffer(wallet, { contracts, offerId }),
    getBlock(wallet),
    getTokenBalance(wallet, { contracts, holder: wallet.account.address }),
  ])
  // A few seconds pass until it is in a block.
  const expiresAtTimestamp = Number(block.timestamp) + hours * 3_600
  const lackingWei = budgetWei - heldWei
  const calls = [
    ...(lackingWei > 0n ? wrapCoin.calls({ contracts, amountWei: lackingWei }) : []),
    ...openSession.calls({
      ...{ contracts, offerId, budgetWei, expiresAtTimestamp },
      maximumPricePerSecondWei: offer.pricePerSecondWei,
    }),
  ]
  const sent = await sendCalls(wallet, { contracts, calls })
  const hash = sent.kind === 'transactions' ? sent.transactionHashes.at(-1) : undefined
  if (hash === undefined) throw new Error('Opening the session sent no transaction')
  const { logs } = await waitForTransaction(wallet, { hash })
  const [opened] = parseEventLogs({ abi: serverlessSessionAbi, eventName: 'SessionOpened', logs })
  if (opened === undefined) throw new Error(`Transaction ${hash} opened no session`)
  return opened.args.sessionId
}
