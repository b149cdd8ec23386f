// One call that an account makes: what every write of the SDK is made of.
import { type Abi, type Address, type EncodeFunctionDataParameters, encodeFunctionData, type Hex } from 'viem'

export type Call = {
  readonly to: Address
  readonly data: Hex
  /** Native wei. */
  readonly value: bigint
}

/** A call without native coin. */
export function toCall<const abi extends Abi>(
  to: Address,
  parameters: EncodeFunctionDataParameters<abi>,
): Call {
  return { to, data: encodeFunctionData(parameters as EncodeFunctionDataParameters), value: 0n }
}
