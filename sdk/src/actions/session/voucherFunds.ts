// What a voucher is drawn on. A budget is a limit that several rights may share: a provider that has taken vouchers of
// more than one of them adds up what they come to, along the line from each right to the root.
import type { Client, ReadContractErrorType } from 'viem'
import { readContract } from 'viem/actions'
import * as serverlessSession from '../../abi/serverlessSession.ts'
import * as usageRights from '../../abi/usageRights.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { throwComputeError } from '../../errors/computeError.ts'
import type { SignedVoucher } from './voucher.ts'

export type VoucherFunds = {
  /** The last voucher redeemed of its right. */
  readonly redeemed: Pick<SignedVoucher['voucher'], 'cumulativeWei' | 'sequence' | 'units'>
  /** Token wei that redeeming it pays now; not above zero where it has been redeemed. */
  readonly payableWei: bigint
  /** Its right and all above it, the root last, each with what is left of its own budget, token wei. */
  readonly line: readonly { readonly rightId: bigint; readonly restWei: bigint }[]
}
export type ReadVoucherFundsErrorType = ReadContractErrorType

export async function readVoucherFunds(
  chainClient: Client,
  parameters: WithContracts & {
    readonly voucher: SignedVoucher['voucher']
    readonly blockNumber: bigint
  },
): Promise<VoucherFunds> {
  const { contracts, voucher, blockNumber } = parameters
  const { sessionId, rightId, cumulativeWei } = voucher
  const [redeemed, [rightIds, restsWei]] = await Promise.all([
    readContract(chainClient, {
      address: contracts.serverlessSession,
      abi: [serverlessSession.laneOf],
      functionName: 'laneOf',
      args: [sessionId, rightId],
      blockNumber,
    }),
    readContract(chainClient, {
      address: contracts.usageRights,
      abi: [usageRights.lineOf],
      functionName: 'lineOf',
      args: [rightId],
      blockNumber,
    }),
  ]).catch(throwComputeError)
  return {
    redeemed,
    payableWei: cumulativeWei - redeemed.cumulativeWei,
    line: rightIds.map((id, index) => ({ rightId: id, restWei: restsWei[index] ?? 0n })),
  }
}

/**
 * The first right on a voucher's line that cannot pay it and all others as well; undefined: whatever the order, all of
 * them are paid. `leftWei`: what the others leave of it.
 */
export function shortRightOf(
  funds: Pick<VoucherFunds, 'payableWei' | 'line'>,
  others: readonly Pick<VoucherFunds, 'payableWei' | 'line'>[],
): { readonly rightId: bigint; readonly leftWei: bigint } | undefined {
  for (const { rightId, restWei } of funds.line) {
    const spokenForWei = others
      .filter(({ line, payableWei }) => payableWei > 0n && line.some(above => above.rightId === rightId))
      .reduce((sumWei, { payableWei }) => sumWei + payableWei, 0n)
    const leftWei = restWei - spokenForWei
    if (funds.payableWei > leftWei) return { rightId, leftWei: leftWei > 0n ? leftWei : 0n }
  }
  return undefined
}
