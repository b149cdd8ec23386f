// Keeps the paymaster able to pay: stake and deposit at the start, and from then on the deposit out of
// what operations paid in the token, then out of the treasury's own coin.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import { type Address, encodeFunctionData, type Hash, isAddressEqual, type PublicClient } from 'viem'
import type { TransactionKind } from '../admin/treasury/schema.ts'
import type { ContractFacts } from './contractFacts.ts'
import { type Funds, readFunds } from './readFunds.ts'
import { findSpentTanks } from './spentTanks.ts'
import type { Transaction } from './transactions.ts'

export type TreasurySettings = {
  readonly stakeWei: bigint
  readonly unstakeDelaySeconds: number
  /** Below the minimum the deposit is filled up to the target. */
  readonly depositMinimumWei: bigint
  readonly depositTargetWei: bigint
  readonly everyBlocks: number
}

/** The treasury's key, whose transactions are kept with what they were for. */
export type HouseSender = {
  readonly address: Address
  send(
    transaction: Transaction & { readonly kind: TransactionKind; readonly description: string },
    signal: AbortSignal,
  ): Promise<Hash>
}

export type Treasury = Part & {
  /** Of its key; without one it only warns. */
  readonly address: Address | undefined
  /** What it is doing, for who waits for it; undefined while it rests. */
  underWay(): string | undefined
  onBlock(number: bigint): void
  /** As of the last look. */
  funds(): Funds | undefined
}

export function createTreasury(options: {
  readonly client: PublicClient
  readonly facts: ContractFacts
  readonly settings: TreasurySettings
  /** Accounts that may have spent out of their tanks. */
  readonly tankSenders: () => Promise<readonly Address[]>
  /** Without it the service only warns. */
  readonly sender: HouseSender | undefined
  readonly logger: Logger
  /** Called once, when the round of the start is over. */
  readonly onFirstRound: () => void
}): Treasury {
  const { client, facts, settings, sender, logger } = options
  let known: Funds | undefined
  let running: Promise<void> | undefined
  let lookedAt = 0n
  let underWay: string | undefined
  const outage = createOutageLog(logger)
  const stopping = new AbortController()

  async function look(): Promise<Funds> {
    const seen = await readFunds({ client, ...facts, treasury: sender?.address })
    // Nothing is begun any more, and the ledger that tells who spent is closed.
    stopping.signal.throwIfAborted()
    known = seen
    return known
  }

  async function call(
    from: HouseSender,
    data: `0x${string}`,
    valueWei: bigint,
    what: { readonly kind: TransactionKind; readonly done: string; readonly awaited: string },
  ): Promise<void> {
    underWay = `${what.awaited} by ${from.address} to be mined`
    const { kind, awaited: description } = what
    const transaction = { kind, description, to: facts.paymaster, data, valueWei }
    const hash = await from.send(transaction, stopping.signal)
    logger.info({ hash, from: from.address, valueWei: String(valueWei) }, what.done)
  }

  async function ensureStake(): Promise<void> {
    const { stakeWei, unstakeDelaySeconds } = await look()
    if (stakeWei >= settings.stakeWei && unstakeDelaySeconds >= settings.unstakeDelaySeconds) return
    if (sender === undefined || !isAddressEqual(sender.address, facts.owner)) {
      logger.warn(
        { stakeWei: String(stakeWei), targetWei: String(settings.stakeWei), unstakeDelaySeconds },
        `the paymaster is staked too low, so bundlers will refuse its token modes: its owner ${facts.owner} must call addStake, or give the owner's key by --treasury-key-file`,
      )
      return
    }
    const missingWei = settings.stakeWei > stakeWei ? settings.stakeWei - stakeWei : 0n
    const delay = Math.max(unstakeDelaySeconds, settings.unstakeDelaySeconds)
    const data = encodeFunctionData({ abi: computePaymasterAbi, functionName: 'addStake', args: [delay] })
    await call(sender, data, missingWei, {
      kind: 'addStake',
      done: 'added stake',
      awaited: `a stake of ${settings.stakeWei} wei`,
    })
  }

  async function ensureDeposit(belowWei: bigint): Promise<void> {
    let funds = await look()
    if (funds.depositWei >= belowWei) return
    if (sender === undefined) {
      logger.warn(
        { depositWei: String(funds.depositWei), belowWei: String(belowWei) },
        `the gas deposit runs low: anyone can call deposit() on ${facts.paymaster}, or give a key by --treasury-key-file`,
      )
      return
    }
    if (await collectSpent(sender)) funds = await look()
    if (funds.revenueWei > 0n && (await mayRefill(sender))) {
      const amount = smaller(funds.revenueWei, settings.depositTargetWei - funds.depositWei)
      const data = encodeFunctionData({
        abi: computePaymasterAbi,
        functionName: 'refillDeposit',
        args: [amount],
      })
      await call(sender, data, 0n, {
        kind: 'refillFromRevenue',
        done: 'turned collected tokens into gas deposit',
        awaited: 'a gas deposit out of collected tokens',
      })
      funds = await look()
    }
    if (funds.depositWei >= belowWei) return
    const data = encodeFunctionData({ abi: computePaymasterAbi, functionName: 'deposit' })
    await call(sender, data, settings.depositTargetWei - funds.depositWei, {
      kind: 'topUp',
      done: 'added gas deposit',
      awaited: `a gas deposit of ${settings.depositTargetWei} wei`,
    })
    await look()
  }

  /** True when tanks had spent something, which is revenue now. */
  async function collectSpent(from: HouseSender): Promise<boolean> {
    const { paymaster } = facts
    const accounts = await findSpentTanks({ client, paymaster, senders: await options.tankSenders() })
    if (accounts.length === 0) return false
    const data = encodeFunctionData({
      abi: computePaymasterAbi,
      functionName: 'collectFromTanks',
      args: [accounts],
    })
    await call(from, data, 0n, {
      kind: 'collectFromTanks',
      done: 'collected what gas tanks have spent',
      awaited: 'what gas tanks have spent',
    })
    return true
  }

  async function mayRefill({ address }: HouseSender): Promise<boolean> {
    if (isAddressEqual(address, facts.owner)) return true
    return await client.readContract({
      address: facts.paymaster,
      abi: computePaymasterAbi,
      functionName: 'isSigner',
      args: [address],
    })
  }

  async function tend(belowWei: bigint): Promise<void> {
    try {
      await ensureDeposit(belowWei)
      outage.over('the treasury can act again')
    } catch (error) {
      if (stopping.signal.aborted) return
      outage.begun(
        { error, treasury: sender?.address, targetWei: String(settings.depositTargetWei) },
        'the gas deposit could not be filled up: does the treasury have coin? trying again every some blocks',
      )
    }
  }

  async function stakeAndDeposit(): Promise<void> {
    try {
      await ensureStake()
    } catch (error) {
      if (stopping.signal.aborted) return
      logger.error(
        { error, treasury: sender?.address },
        'the stake could not be added: does the treasury have coin?',
      )
    }
    await tend(settings.depositTargetWei)
    if (!stopping.signal.aborted) options.onFirstRound()
  }

  function begin(round: Promise<void>): void {
    running = round.finally(() => {
      running = undefined
      underWay = undefined
    })
  }

  return {
    name: 'treasury',
    address: sender?.address,
    funds: () => known,
    underWay: () => underWay,
    /** Not waited for: a transaction waits for blocks, and whoever asks meanwhile is told so. */
    async start() {
      begin(stakeAndDeposit())
    },
    onBlock(number) {
      const isLookedAt = number >= lookedAt && number < lookedAt + BigInt(settings.everyBlocks)
      // Below that the chain has lost blocks, and with them maybe what was paid in.
      if (running !== undefined || isLookedAt) return
      lookedAt = number
      // Not awaited: a transaction waits for blocks, and blocks must not wait for it.
      begin(tend(settings.depositMinimumWei))
    },
    async stop() {
      stopping.abort()
      // What the node is asked at the moment may take longer than a stop should.
      await Promise.race([running, new Promise(resolve => setTimeout(resolve, 2_000).unref())])
    },
  }
}

function smaller(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}
