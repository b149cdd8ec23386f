// Gas for the paymaster's own two limits. The contract's work is known, so nobody has to estimate it;
// e2e tests hold every mode to these figures.
import type { PaymasterMode } from '@worldland-aa/sdk/protocol/paymasterData'
import { type Hex, size } from 'viem'
import type { RequestedOperation } from '../requestedOperation.ts'
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
}
/** EntryPoint copies the operation and the contract hashes it: a little more than half a gas a byte. */
const bytesPerGas = 1.6
/** A caller's own figure is kept up to here: more than that no bundler takes by default. */
const mostVerificationGas = 1_000_000n
/** Room for some two thousand bytes of callData, where it is not known. */
const unknownBytesGas = 1_250n

export function paymasterGasOf(options: {
  readonly mode: PaymasterMode
  readonly operation: RequestedOperation
  readonly postOpGas: Readonly<Record<PaymasterMode, PostOpGasBounds>>
}): PaymasterGas {
  const { mode, operation } = options
  const bytes = sizeOf(operation.callData) + sizeOf(operation.factoryData)
  const needed = verificationGas[mode] + BigInt(Math.ceil(bytes / bytesPerGas))
  const { minimum, maximum } = postOpBounds(mode, options.postOpGas[mode])
  return {
    paymasterVerificationGasLimit: keepWithin(
      operation.paymasterVerificationGasLimit,
      needed,
      mostVerificationGas,
    ),
    paymasterPostOpGasLimit: keepWithin(operation.paymasterPostOpGasLimit, minimum, maximum),
  }
}

/** What is enough in every mode. */
export function mostPaymasterGas(postOpGas: Readonly<Record<PaymasterMode, PostOpGasBounds>>): PaymasterGas {
  const largest = (values: readonly bigint[]): bigint => values.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 0n
  return {
    paymasterVerificationGasLimit: largest(Object.values(verificationGas)) + unknownBytesGas,
    paymasterPostOpGasLimit: largest(Object.values(postOpGas).map(({ minimum }) => minimum)),
  }
}

/** A sponsored operation has no postOp to spend it, and a tenth of it would go to its bundler as unused. */
function postOpBounds(mode: PaymasterMode, bounds: PostOpGasBounds): PostOpGasBounds {
  return mode === 'sponsor' ? { minimum: bounds.minimum, maximum: bounds.minimum } : bounds
}

/** What a caller counts on stays as it is where it serves: not every wallet takes a changed limit. */
function keepWithin(given: bigint | undefined, minimum: bigint, maximum: bigint): bigint {
  return given !== undefined && given >= minimum && given <= maximum ? given : minimum
}

function sizeOf(data: Hex | undefined): number {
  return data === undefined ? 0 : size(data)
}
