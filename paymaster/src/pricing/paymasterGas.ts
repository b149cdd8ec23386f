// Gas for the paymaster's own two limits. The contract's work is known, so nobody has to estimate it;
// e2e tests hold every mode to these figures.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { type Hex, size } from 'viem'
import { hasGas, type RequestedOperation } from '../requestedOperation.ts'
import type { PaymasterGas } from './maxCost.ts'

/** The contract's postOpGasLimitBounds. */
export type PostOpGasBounds = { readonly minimum: bigint; readonly maximum: bigint }

/**
 * validatePaymasterUserOp and EntryPoint's work around it, at the dearest: first token this paymaster
 * ever holds, finite allowance, earlier debt. ERC-7562 [LIM-030] asks for 4,000 more than is used.
 */
const verificationGas: Readonly<Record<PaymasterMode, bigint>> = {
  sponsor: 24_000n,
  token: 78_000n,
  tokenDeferred: 62_000n,
  tank: 34_000n,
  /** Beside what the token's own transfer uses: `erc20GasOf`. */
  erc20: 80_000n,
}
/** What the contract's own bound counts for a refund: a token that needs more gets more. */
export const leastRefundGas = 12_000
/** EntryPoint copies the operation and the contract hashes it: a little more than half a gas a byte. */
const bytesPerGas = 1.6
/** A bundler's own estimate may be so much less; nothing that it does not see makes a sponsored validation dearer. */
const sponsorSlackGas = 2_000n
/** A caller's own figure is kept up to here: more than that no bundler takes by default. */
const mostVerificationGas = 1_000_000n
/** What a tip adds to validation: the context that EntryPoint carries to postOp. */
const tipContextGas = 2_000n
/** Room for some two thousand bytes of callData, where it is not known. */
const unknownBytesGas = 1_250n

export function paymasterGasOf(options: {
  readonly mode: PaymasterMode
  readonly operation: RequestedOperation
  readonly postOpGas: Readonly<Record<PaymasterMode, PostOpGasBounds>>
  /** What makes a sponsored operation carry a tip for its bundler; undefined while there are no tips. */
  readonly tipPostOpGas?: bigint | undefined
}): PaymasterGas {
  const { mode, operation, tipPostOpGas } = options
  const bytes = sizeOf(operation.callData) + sizeOf(operation.factoryData)
  const isTipped = mode === 'sponsor' && tipPostOpGas !== undefined
  const neededForBytes = BigInt(Math.ceil(bytes / bytesPerGas))
  const needed = verificationGas[mode] + neededForBytes + (isTipped ? tipContextGas : 0n)
  const verificationLimits = {
    least: mode === 'sponsor' ? needed - sponsorSlackGas : needed,
    usual: needed,
    most: mostVerificationGas,
  }
  return {
    paymasterVerificationGasLimit: keepWithin(operation.paymasterVerificationGasLimit, verificationLimits),
    paymasterPostOpGasLimit: keepWithin(
      // Before there is gas, zero is what clients write that know none.
      hasGas(operation) ? operation.paymasterPostOpGasLimit : operation.paymasterPostOpGasLimit || undefined,
      postOpLimits(mode, options.postOpGas[mode], tipPostOpGas),
    ),
  }
}

/** `refundGas` is the operator's setting for the token: what its transfer may use, in postOp and in validation. */
export function erc20GasOf(options: {
  readonly refundGas: number
  readonly operation: RequestedOperation
  readonly postOpGas: Readonly<Record<PaymasterMode, PostOpGasBounds>>
}): PaymasterGas {
  const { operation, postOpGas } = options
  const refundGas = BigInt(options.refundGas)
  const { paymasterVerificationGasLimit } = paymasterGasOf({ mode: 'erc20', operation, postOpGas })
  return {
    paymasterVerificationGasLimit: paymasterVerificationGasLimit + refundGas,
    // All of it is billed: nobody's own figure counts.
    paymasterPostOpGasLimit: postOpGas.erc20.minimum + refundGas - BigInt(leastRefundGas),
  }
}

/** What is enough in every mode but that of other tokens, which nobody is in who names none. */
export function mostPaymasterGas({
  erc20: _,
  ...postOpGas
}: Readonly<Record<PaymasterMode, PostOpGasBounds>>): PaymasterGas {
  const largest = (values: readonly bigint[]): bigint => values.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n
  const { erc20, ...verification } = verificationGas
  return {
    paymasterVerificationGasLimit: largest(Object.values(verification)) + unknownBytesGas,
    paymasterPostOpGasLimit: largest(Object.values(postOpGas).map(({ minimum }) => minimum)),
  }
}

type Limits = { readonly least: bigint; readonly usual: bigint; readonly most: bigint }

/**
 * A sponsored operation without a tip has no postOp to spend it, and a tenth of it would go to its bundler as unused. One, since
 * thirdweb's client takes zero for no paymaster gas at all, and sends limits that were not signed for.
 */
const sponsorPostOpGas = 1n

function postOpLimits(
  mode: PaymasterMode,
  { minimum, maximum }: PostOpGasBounds,
  tipPostOpGas: bigint | undefined,
): Limits {
  if (mode !== 'sponsor') return { least: minimum, usual: minimum, most: maximum }
  // Less would carry no tip, and a tenth of more would be paid for nothing.
  if (tipPostOpGas !== undefined) return { least: tipPostOpGas, usual: tipPostOpGas, most: tipPostOpGas }
  return { least: minimum, usual: sponsorPostOpGas, most: sponsorPostOpGas }
}

/** What a caller counts on stays as it is where it serves: not every wallet takes a changed limit. */
function keepWithin(given: bigint | undefined, { least, usual, most }: Limits): bigint {
  return given !== undefined && given >= least && given <= most ? given : usual
}

function sizeOf(data: Hex | undefined): number {
  return data === undefined ? 0 : size(data)
}
