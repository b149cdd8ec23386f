// Decides whether an operation may pay in another ERC-20 than the compute token: prepaid, out of a live allowance and
// balance, at the price of this moment. Nothing is lent in a token whose worth moves.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, encodeFunctionData, erc20Abi, type PublicClient } from 'viem'
import { deny } from '../denial.ts'
import { maxCostWei, type PaymasterGas } from '../pricing/maxCost.ts'
import { unitsOf } from '../pricing/oracles/ratio.ts'
import { chargeWei } from '../pricing/tokenPrice.ts'
import type { TokenOffer } from '../pricing/tokens/tokens.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { approvalIn } from './tokenApproval.ts'

export type Erc20ModeOptions = {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly offer: (token: Address) => Result<TokenOffer>
  readonly gasOf: (refundGas: number, operation: RequestedOperation) => PaymasterGas
}

/** What is signed beside the gas. */
export type Erc20Price = { readonly token: Address; readonly rate: bigint; readonly markupBps: number }

export type Erc20Draft = {
  readonly mode: 'erc20'
  readonly erc20: Erc20Price
  readonly paymasterGas: PaymasterGas
}

export type Erc20Decision = Erc20Draft & {
  readonly maxCostWei: bigint
  /** Of the token. */
  readonly maxChargeUnits: bigint
}

/** While the gas is not estimated: what no estimate can mend. */
export async function draftErc20Mode(
  options: Erc20ModeOptions,
  operation: RequestedOperation,
  token: Address,
): Promise<Result<Erc20Draft>> {
  const offered = options.offer(token)
  if (!offered.ok) return offered
  const draft = draftOf(options, operation, offered.value)
  const { allowance } = await readFunds(options, operation, token)
  return allowance > 0n ? accept(draft) : denyApproval(options, operation, offered.value, undefined)
}

export async function decideErc20Mode(
  options: Erc20ModeOptions,
  operation: RequestedOperation,
  token: Address,
): Promise<Result<Erc20Decision>> {
  const offered = options.offer(token)
  if (!offered.ok) return offered
  const draft = draftOf(options, operation, offered.value)
  const costWei = maxCostWei(operation, draft.paymasterGas)
  const { markupBps, rate } = draft.erc20
  const decision = {
    ...draft,
    maxCostWei: costWei,
    maxChargeUnits: unitsOf(chargeWei(costWei, markupBps), rate),
  }
  const { allowance, balance } = await readFunds(options, operation, token)
  const refusal =
    judgeAmount(decision, offered.value) ??
    judgeBalance(decision, operation, offered.value, balance) ??
    (allowance < decision.maxChargeUnits
      ? denyApproval(options, operation, offered.value, { allowance, ...decision })
      : undefined) ??
    (await judgePull(options, operation, offered.value, decision))
  return refusal ?? accept(decision)
}

function draftOf(
  { gasOf }: Erc20ModeOptions,
  operation: RequestedOperation,
  { token: { address, settings }, price }: TokenOffer,
): Erc20Draft {
  return {
    mode: 'erc20',
    erc20: { token: address, rate: price.rate, markupBps: settings.markupBps },
    paymasterGas: gasOf(settings.refundGas, operation),
  }
}

async function readFunds(
  { client, paymaster }: Erc20ModeOptions,
  { sender }: RequestedOperation,
  address: Address,
) {
  const token = { address, abi: erc20Abi } as const
  const [allowance, balance] = await Promise.all([
    client.readContract({ ...token, functionName: 'allowance', args: [sender, paymaster] }),
    client.readContract({ ...token, functionName: 'balanceOf', args: [sender] }),
  ])
  return { allowance, balance }
}

type Judgement = Result<never> | undefined
type Amounts = Pick<Erc20Decision, 'maxChargeUnits'>

function judgeAmount({ maxChargeUnits }: Amounts, { token }: TokenOffer): Judgement {
  const mostUnits = BigInt(token.settings.maxChargePerOperation ?? 2n ** 128n - 1n)
  if (maxChargeUnits <= mostUnits) return undefined
  return deny(
    'costTooHigh',
    {
      problem: `The gas may cost ${maxChargeUnits} units of ${token.symbol}, above the ${mostUnits} that one operation may`,
      remedy: 'lower gas limits and fees, or pay in another token',
    },
    { token: token.address, requiredUnits: String(maxChargeUnits), limitUnits: String(mostUnits) },
  )
}

function judgeBalance(
  { maxChargeUnits }: Amounts,
  { sender }: RequestedOperation,
  { token }: TokenOffer,
  balance: bigint,
): Judgement {
  if (balance >= maxChargeUnits) return undefined
  return deny(
    'tokenBalanceTooLow',
    {
      problem: `${sender} has ${balance} units of ${token.symbol} (${token.address}), and its gas may cost ${maxChargeUnits}`,
      remedy: 'send it tokens, or lower gas limits and fees',
    },
    { token: token.address, balanceUnits: String(balance), requiredUnits: String(maxChargeUnits) },
  )
}

/** What is paid beforehand cannot be approved by the operation that it pays for. */
function denyApproval(
  { paymaster }: Erc20ModeOptions,
  { sender, callData }: RequestedOperation,
  { token }: TokenOffer,
  amounts: (Amounts & { allowance: bigint }) | undefined,
): Result<never> {
  const amount = amounts?.maxChargeUnits ?? 'the most its gas may cost'
  const problem =
    amounts === undefined || amounts.allowance === 0n
      ? `${sender} has not approved the paymaster to take its gas in ${token.symbol}`
      : `${sender} has approved ${amounts.allowance} units of ${token.symbol}, and its gas may cost ${amounts.maxChargeUnits}`
  const approves = approvalIn(callData, { token: token.address, paymaster }) !== undefined
  const early = approves
    ? ', and the approval in this batch comes too late: this token is taken before it runs'
    : ''
  return deny(
    'tokenNotApproved',
    {
      problem: `${problem}${early}`,
      remedy: `approve(${paymaster}, ${amount}) on ${token.address} in an operation before this one, or pay this one in the compute token`,
    },
    {
      token: token.address,
      spender: paymaster,
      ...(amounts === undefined ? {} : { requiredUnits: String(amounts.maxChargeUnits) }),
    },
  )
}

/** As the contract will pull it: a token may refuse this sender whatever it has and has approved. */
async function judgePull(
  { client, paymaster }: Erc20ModeOptions,
  { sender }: RequestedOperation,
  { token }: TokenOffer,
  { maxChargeUnits }: Amounts,
): Promise<Judgement> {
  const data = encodeFunctionData({
    abi: erc20Abi,
    functionName: 'transferFrom',
    args: [sender, paymaster, maxChargeUnits],
  })
  try {
    const { data: answer } = await client.call({ account: paymaster, to: token.address, data })
    if (answer === undefined || BigInt(answer) === 1n) return undefined
  } catch (error) {
    if (!isRevert(error)) throw error
  }
  return deny(
    'executionWouldFail',
    {
      problem: `${token.symbol} would not move ${maxChargeUnits} units from ${sender} to the paymaster: it may be paused, or bar the sender`,
      remedy: 'pay in another token',
    },
    { token: token.address },
  )
}

function isRevert(error: unknown): boolean {
  for (let cause = error as { name?: string; code?: number; cause?: unknown } | undefined; cause; ) {
    if (cause.name === 'ExecutionRevertedError' || cause.name === 'RawContractError' || cause.code === 3)
      return true
    cause = cause.cause as typeof cause
  }
  return false
}
