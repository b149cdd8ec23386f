// Turns a block's logs into what the ledger books: nonces used, what they cost, what was not paid back.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, type Hash, isAddressEqual, type Log, type PublicClient, parseEventLogs } from 'viem'
import type { Landing } from '../ledger/advance.ts'
import type { TokenCharge } from '../pricing/tokens/tokenCharges.ts'

export type Contracts = { readonly entryPoint: Address; readonly paymaster: Address }

/** What an operation in a token mode was to pay, in wei of the token. */
export type Charge = {
  readonly userOperationHash: Hash
  readonly sender: Address
  readonly chargeWei: bigint
  /** False when its sender owes it now, and maybe for good. */
  readonly paid: boolean
}

export type BlockFindings = {
  readonly landings: readonly Landing[]
  readonly charges: readonly Charge[]
  /** In other tokens than the compute token; all of them are paid. */
  readonly tokenCharges: readonly TokenCharge[]
  /** The owner has set another tip for bundlers. */
  readonly isTipChanged: boolean
}

const abi = [...entryPoint07Abi, ...computePaymasterAbi]

/** Of one block by its hash, or of a range that no reorg is expected to reach. */
export async function readFindings(
  client: PublicClient,
  contracts: Contracts,
  where: { readonly block: Block } | { readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<BlockFindings> {
  const { entryPoint, paymaster } = contracts
  const logs = await client.getLogs({
    address: [entryPoint, paymaster],
    ...('block' in where ? { blockHash: where.block.hash } : where),
  })
  const events = parseEventLogs({
    abi,
    logs,
    eventName: [
      'UserOperationEvent',
      'TokenCharged',
      'TankCharged',
      'Erc20Charged',
      'ChargeUnpaid',
      'PostOpRevertReason',
    ],
  })
  const { tips, isTipChanged } = readTips(logs, paymaster)
  const paid = new Set(events.flatMap(event => (isCharge(event.eventName) ? [event.args.userOpHash] : [])))
  const landings = events.flatMap((event): Landing[] => {
    if (event.eventName !== 'UserOperationEvent' || !isAddressEqual(event.address, entryPoint)) return []
    const { userOpHash, sender, nonce, success, actualGasCost } = event.args
    const paidByUs = isAddressEqual(event.args.paymaster, paymaster)
    const costWei = paidByUs ? actualGasCost + (tips.get(userOpHash) ?? 0n) : 0n
    return [
      {
        userOperationHash: userOpHash,
        sender,
        nonce,
        costWei,
        lossWei: paid.has(userOpHash) ? 0n : costWei,
        paidByUs,
        succeeded: success,
        transactionHash: event.transactionHash,
        block: { number: event.blockNumber, hash: event.blockHash },
      },
    ]
  })
  const charges = events.flatMap((event): Charge[] => {
    if (event.eventName === 'UserOperationEvent' || event.eventName === 'Erc20Charged') return []
    const { userOpHash: userOperationHash, sender } = event.args
    if (event.eventName !== 'PostOpRevertReason') {
      const { chargeWei } = event.args
      return [{ userOperationHash, sender, chargeWei, paid: isCharge(event.eventName) }]
    }
    // Any paymaster's postOp may have reverted; only a deferred charge of ours can.
    const ours = landings.find(landing => landing.paidByUs && landing.userOperationHash === userOperationHash)
    return ours === undefined ? [] : [{ userOperationHash, sender, chargeWei: ours.costWei, paid: false }]
  })
  const tokenCharges = events.flatMap((event): TokenCharge[] => {
    if (event.eventName !== 'Erc20Charged' || !isAddressEqual(event.address, paymaster)) return []
    const { userOpHash: userOperationHash, sender, token, charge, refund } = event.args
    const block = { number: event.blockNumber, hash: event.blockHash }
    return [{ userOperationHash, sender, token, charge, refund, block }]
  })
  return {
    landings: await withTimes(client, where, withCharges(landings, charges, tokenCharges)),
    ...{ charges, tokenCharges, isTipChanged },
  }
}

/** What bundlers were given for operations, beside their gas. */
export function readTips(
  logs: readonly Log[],
  paymaster: Address,
): { readonly tips: ReadonlyMap<Hash, bigint>; readonly isTipChanged: boolean } {
  const ours = parseEventLogs({
    abi: computePaymasterAbi,
    logs: logs.filter(log => isAddressEqual(log.address, paymaster)),
    eventName: ['LeaderTipped', 'LeaderTipChanged'],
  })
  return {
    tips: new Map(
      ours.flatMap(event =>
        event.eventName === 'LeaderTipped' ? [[event.args.userOpHash, event.args.tipWei] as const] : [],
      ),
    ),
    isTipChanged: ours.some(({ eventName }) => eventName === 'LeaderTipChanged'),
  }
}

function withCharges(
  landings: readonly Landing[],
  charges: readonly Charge[],
  tokenCharges: readonly TokenCharge[],
): readonly Landing[] {
  const ofOperation = new Map(charges.map(charge => [charge.userOperationHash, charge]))
  const inTokens = new Map(tokenCharges.map(charge => [charge.userOperationHash, charge]))
  return landings.map(landing => {
    if (!landing.paidByUs) return landing
    const charge = ofOperation.get(landing.userOperationHash)
    const inToken = inTokens.get(landing.userOperationHash)
    return {
      ...landing,
      ...(charge && { charge: { wei: charge.chargeWei, isPaid: charge.paid } }),
      ...(inToken && { tokenCharge: { token: inToken.token, units: inToken.charge } }),
    }
  })
}

/** Of a range, the blocks are asked for in which the deposit paid: not every node says it with the logs. */
async function withTimes(
  client: PublicClient,
  where: { readonly block: Block } | object,
  landings: readonly Landing[],
): Promise<readonly Landing[]> {
  const times = new Map<Hash, Promise<bigint>>()
  if ('block' in where) times.set(where.block.hash, Promise.resolve(where.block.timestamp))
  const timeOf = (blockHash: Hash): Promise<bigint> => {
    const time = times.get(blockHash) ?? client.getBlock({ blockHash }).then(block => block.timestamp)
    times.set(blockHash, time)
    return time
  }
  return await Promise.all(
    landings.map(async landing =>
      landing.paidByUs ? { ...landing, atSeconds: Number(await timeOf(landing.block.hash)) } : landing,
    ),
  )
}

function isCharge(eventName: string): boolean {
  return eventName === 'TokenCharged' || eventName === 'TankCharged' || eventName === 'Erc20Charged'
}
