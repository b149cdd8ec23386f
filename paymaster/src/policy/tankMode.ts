// Decides whether an operation may pay out of its sender's prepaid gas tank, which is asked for by name: neither
// allowance nor wallet count. What its caller was given and has not landed yet is spoken for in the ledger: what strangers
// ask for in the account's name is not, since only the account can land it, and the contract takes no more than there is.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address, Hash, PublicClient } from 'viem'
import { deny } from '../denial.ts'
import type { Budget } from '../ledger/budget.ts'
import { maxCostWei, type PaymasterGas } from '../pricing/maxCost.ts'
import { chargeWei } from '../pricing/tokenPrice.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { lowerCase } from './sponsorshipPolicy.ts'

export type TankModeOptions = {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly token: Address
  readonly markupBps: number
  /** Where the ledger stands. */
  readonly settledBlock: () => Promise<Hash>
}

export type TankDecision = {
  readonly mode: 'tank'
  readonly paymasterGas: PaymasterGas
  readonly maxCostWei: bigint
  /** Wei of the token; earlier debt is no matter of the tank's. */
  readonly maxChargeWei: bigint
  readonly budgets: readonly Budget[]
}

type Tank = { readonly tankWei: bigint; readonly costWei: bigint; readonly maxChargeWei: bigint }

/** The tank against what is known of the operation's gas, which may be nothing yet: an empty one never will do. */
export async function judgeTank(
  options: TankModeOptions,
  operation: RequestedOperation,
  paymasterGas: PaymasterGas,
  at: { readonly blockHash?: Hash } = {},
): Promise<Result<Tank>> {
  const { client, paymaster, token, markupBps } = options
  const { sender } = operation
  const tankWei = await client.readContract({
    address: paymaster,
    abi: computePaymasterAbi,
    functionName: 'tankOf',
    args: [sender],
    ...at,
  })
  const costWei = maxCostWei(operation, paymasterGas)
  const maxChargeWei = chargeWei(costWei, markupBps)
  if (tankWei > 0n && tankWei >= maxChargeWei) return accept({ tankWei, costWei, maxChargeWei })
  const missingWei = maxChargeWei > tankWei ? maxChargeWei - tankWei : undefined
  const amount = missingWei ?? 'amount'
  const cost = missingWei === undefined ? '' : `, and this operation may cost ${maxChargeWei}`
  return deny(
    'tankTooLow',
    {
      problem: `The gas tank of ${sender} holds ${tankWei} wei of the token${cost}`,
      remedy: `fill it by approve(${paymaster}, ${amount}) on ${token} and fillTank(${sender}, ${amount}) on ${paymaster}, from any account`,
    },
    { token, tankWei: String(tankWei), requiredWei: String(maxChargeWei) },
  )
}

export async function decideTankMode(
  options: TankModeOptions,
  operation: RequestedOperation,
  paymasterGas: PaymasterGas,
  caller: string,
): Promise<Result<TankDecision>> {
  const blockHash = await options.settledBlock()
  const judged = await judgeTank(options, operation, paymasterGas, { blockHash })
  if (!judged.ok) return judged
  const { tankWei, costWei, maxChargeWei } = judged.value
  const budget: Budget = {
    id: `tank/${lowerCase(operation.sender)}/${caller}`,
    name: "the sender's gas tank",
    limitWei: tankWei,
    // The chain's own figure, out of which what has landed by then is gone already.
    readAt: blockHash,
    remedy: `wait until they have landed, or fill it by fillTank(${operation.sender}, amount) on ${options.paymaster}`,
    consumes: 'nothing',
    holdWei: maxChargeWei,
  }
  return accept({ mode: 'tank', paymasterGas, maxCostWei: costWei, maxChargeWei, budgets: [budget] })
}
