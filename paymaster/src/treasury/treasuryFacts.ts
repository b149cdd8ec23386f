// What the house has, and who may move it: read anew for every page and every prepared transaction.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type Address, isAddressEqual, type PublicClient } from 'viem'
import type { Ledger } from '../ledger/ledger.ts'
import { type LeaderTipOnChain, readLeaderTip } from '../pricing/leaderTip.ts'
import { ownOf } from '../settlement/readDeposit.ts'

export type TreasuryFacts = {
  readonly owner: Address
  /** Without what is owed in tips. As of the ledger, so that what is held belongs to the same block. */
  readonly deposit: { readonly totalWei: bigint; readonly heldWei: bigint; readonly freeWei: bigint }
  readonly stake: {
    readonly amountWei: bigint
    readonly isLocked: boolean
    readonly unstakeDelaySeconds: number
    readonly withdrawableAtSeconds: number | undefined
  }
  readonly tanks: { readonly totalWei: bigint }
  /** For bundlers in turn, of sponsored operations; `owedWei` they have not claimed yet. */
  readonly tips: LeaderTipOnChain & { readonly owedWei: bigint }
  readonly revenueWei: bigint
  readonly blockNumber: bigint
  /** Of that block, in seconds since the Unix epoch. */
  readonly timestamp: number
  readonly key:
    | {
        readonly address: Address
        readonly coinWei: bigint
        readonly isOwner: boolean
        readonly isSigner: boolean
      }
    | undefined
}

export async function readTreasuryFacts(options: {
  readonly client: PublicClient
  readonly entryPoint: Address
  readonly paymaster: Address
  readonly ledger: Pick<Ledger, 'position'>
  readonly treasury: Address | undefined
}): Promise<TreasuryFacts> {
  const { client, entryPoint, paymaster, treasury } = options
  const contract = { address: paymaster, abi: computePaymasterAbi } as const
  const [block, info, owner, tanksWei, tip, owedWei, revenueWei, position, coinWei, isSigner] =
    await Promise.all([
      client.getBlock(),
      client.readContract({
        address: entryPoint,
        abi: entryPoint07Abi,
        functionName: 'getDepositInfo',
        args: [paymaster],
      }),
      client.readContract({ ...contract, functionName: 'owner' }),
      client.readContract({ ...contract, functionName: 'tanksWei' }),
      readLeaderTip(client, paymaster),
      client.readContract({ ...contract, functionName: 'tipsOwedWei' }),
      client.readContract({ ...contract, functionName: 'revenueWei' }),
      options.ledger.position(),
      treasury && client.getBalance({ address: treasury }),
      treasury !== undefined &&
        client.readContract({ ...contract, functionName: 'isSigner', args: [treasury] }),
    ])
  const totalWei = position?.depositWei ?? ownOf(info.deposit, owedWei)
  const heldWei = position?.depositHeldWei ?? 0n
  return {
    owner,
    deposit: { totalWei, heldWei, freeWei: totalWei > heldWei ? totalWei - heldWei : 0n },
    stake: {
      amountWei: info.stake,
      isLocked: info.staked,
      unstakeDelaySeconds: info.unstakeDelaySec,
      withdrawableAtSeconds: info.staked || info.stake === 0n ? undefined : Number(info.withdrawTime),
    },
    tanks: { totalWei: tanksWei },
    tips: { ...tip, owedWei },
    revenueWei,
    blockNumber: block.number,
    timestamp: Number(block.timestamp),
    key:
      treasury === undefined || coinWei === undefined
        ? undefined
        : { address: treasury, coinWei, isOwner: isAddressEqual(treasury, owner), isSigner },
  }
}
