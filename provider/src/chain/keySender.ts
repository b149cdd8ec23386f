// Sends the provider's calls as transactions of an ordinary key: one after the other, each played before it is sent, each
// followed until it is mined and again after a reorg.
import type { Call } from '@worldland-aa/sdk/account/call'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { formatEther } from 'viem'
import type { Outcome } from '../outcome.ts'
import { createEarlierLife, type EarlierLife } from './earlierLife.ts'
import type { Sender, SendRefusal, Submission } from './sender.ts'
import { sendRefusalOf } from './sendRefusal.ts'
import {
  type Attempt,
  type AttemptTools,
  callOff,
  type Fate,
  fateOf,
  pressOn,
  signAttempt,
} from './transactionAttempt.ts'
import { createTurns } from './turns.ts'

/** What one purpose takes: an attempt for each of its calls that has been sent. */
type Journey = {
  attempts: Attempt[]
  landedAtBlock?: bigint | undefined
  /** The last head, of those that were counted, at which somebody wanted it, and at which it was pressed on. */
  wantedAt: number
  pressedAt: number
}

/** Heads at which nobody asked: what a reorg gave back is not sent again then, and after some more it is called off. */
const stillWantedHeads = 2
const calledOffHeads = 6
const never = -1

/** Blocks after which a landed purpose is forgotten: deeper than any reorg. */
const memoryBlocks = 128n
/** Of what a call took when played: state may be another when it is mined. */
const gasPercent = 130n

export function createKeySender(
  options: AttemptTools & { readonly head: () => BlockReference; readonly logger: Logger },
): Sender {
  const { client, account, head, logger } = options
  const takeTurn = createTurns()
  const journeys = new Map<string, Journey>()
  const earlierLife: EarlierLife = createEarlierLife(options)
  let refreshedAt: string | undefined
  let heads = 0

  /** At each new head, all that is wanted and not mined is pressed on: whatever hangs holds up all nonces above it. */
  async function refresh(): Promise<void> {
    const { hash, number } = head()
    if (hash === refreshedAt) return
    heads++
    for (const [purpose, journey] of journeys) {
      if (number - (journey.landedAtBlock ?? number) > memoryBlocks) journeys.delete(purpose)
      const unwantedHeads = heads - journey.wantedAt
      if (unwantedHeads <= stillWantedHeads) await press(journey, pressOn)
      else if (unwantedHeads > calledOffHeads) await press(journey, callOff)
    }
    refreshedAt = hash
  }

  async function press(journey: Journey, how: typeof pressOn): Promise<void> {
    if (journey.pressedAt === heads) return
    journey.pressedAt = heads
    for (const [index, attempt] of journey.attempts.entries()) {
      if ((await fateOf(options, attempt)).kind !== 'open') continue
      journey.landedAtBlock = undefined
      journey.attempts[index] = await how(options, attempt, head().number)
    }
  }

  async function nextNonce(): Promise<number> {
    const pending = await client.getTransactionCount({ address: account.address, blockTag: 'pending' })
    const own = [...journeys.values()].flatMap(({ attempts }) => attempts.map(({ nonce }) => nonce + 1))
    const latest = await client.getTransactionCount({ address: account.address, blockTag: 'latest' })
    return Math.max(latest, pending, ...own.filter(nonce => nonce > latest))
  }

  async function send(
    journey: Journey,
    call: Call,
    leastGas: bigint,
  ): Promise<Outcome<Submission, SendRefusal>> {
    let attempt: Attempt
    try {
      const played = await client.estimateGas({ account: account.address, ...call })
      const roomy = (played * gasPercent) / 100n
      const gas = roomy > leastGas ? roomy : leastGas
      const [fees, nonce] = await Promise.all([client.estimateFeesPerGas(), nextNonce()])
      const coinWei = await client.getBalance({ address: account.address })
      const neededWei = gas * fees.maxFeePerGas + call.value
      if (coinWei < neededWei) return { ok: false, refusal: lackOfCoin(account.address, coinWei, neededWei) }
      attempt = await signAttempt(options, { call, nonce, gas, fees, signedAtBlock: head().number })
    } catch (error) {
      return { ok: false, refusal: sendRefusalOf(error) }
    }
    // Known before it is broadcast: where the answer is lost, it may be on its way all the same.
    journey.attempts.push(attempt)
    const [{ raw, hash } = { raw: '0x' as const, hash: '0x' as const }] = attempt.signed
    try {
      await client.sendRawTransaction({ serializedTransaction: raw })
      logger.debug({ hash, nonce: attempt.nonce }, 'a transaction is on its way')
    } catch (error) {
      const refusal = sendRefusalOf(error)
      journey.attempts.pop()
      return { ok: false, refusal }
    }
    return pending
  }

  async function goOn(
    purpose: string,
    calls: readonly Call[],
    leastGas: bigint,
  ): Promise<Outcome<Submission, SendRefusal>> {
    await refresh()
    const journey = journeys.get(purpose) ?? { attempts: [], wantedAt: heads, pressedAt: heads }
    journeys.set(purpose, journey)
    journey.wantedAt = heads
    await press(journey, pressOn)
    let landed: Extract<Fate, { kind: 'mined' }> | undefined
    for (const [index, call] of calls.entries()) {
      const attempt = journey.attempts[index]
      const fate = attempt === undefined ? undefined : await fateOf(options, attempt)
      if (fate?.kind === 'open') return pending
      if (fate?.kind === 'mined' && fate.succeeded) {
        landed = fate
        continue
      }
      if (fate?.kind === 'mined') {
        journeys.delete(purpose)
        return { ok: false, refusal: await whyReverted(call) }
      }
      // Never sent, or another transaction took its nonce: what follows it is to be sent anew as well.
      journey.attempts.length = index
      if (await earlierLife.isUnderWay(head().number)) return pending
      return await send(journey, call, leastGas)
    }
    const blockNumber = landed?.blockNumber ?? head().number
    journey.landedAtBlock = blockNumber
    return { ok: true, value: { state: 'landed', blockNumber } }
  }

  /** Played again: what made it fail may still hold. */
  async function whyReverted(call: Call): Promise<SendRefusal> {
    try {
      await client.call({ account: account.address, ...call })
      return {
        code: 'reverted',
        message: 'It was mined and reverted, and would not any more: send it again.',
      }
    } catch (error) {
      const { code, message } = sendRefusalOf(error)
      return { code, message: `It was mined and reverted. ${message}` }
    }
  }

  async function forsakeAll(isForsaken: (purpose: string) => boolean): Promise<void> {
    const forsaken = [...journeys].filter(([purpose]) => isForsaken(purpose)).map(([, journey]) => journey)
    // As if nobody had asked for long: at the next heads as well.
    for (const journey of forsaken) journey.wantedAt = heads - calledOffHeads - 1
    for (const journey of forsaken) {
      journey.pressedAt = never
      await press(journey, callOff)
    }
  }

  return {
    address: account.address,
    forsake: isForsaken => takeTurn(() => forsakeAll(isForsaken)),
    submit: (purpose, calls, { leastGas = 0n } = {}) => takeTurn(() => goOn(purpose, calls, leastGas)),
  }
}

const pending: Outcome<Submission, SendRefusal> = { ok: true, value: { state: 'pending' } }

function lackOfCoin(address: string, coinWei: bigint, neededWei: bigint): SendRefusal {
  return {
    code: 'lackOfCoin',
    message: `${address} holds ${formatEther(coinWei)} of the native coin, less than the ${formatEther(neededWei)} that a transaction may cost: send coin to it, or give --bundler-url to pay gas in the token.`,
  }
}
