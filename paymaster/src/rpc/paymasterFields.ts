// The paymaster's fields on the wire. viem turns only these two gas fields into numbers: no other
// field of a pm_get* answer may hold hex gas.
import { type Hex, numberToHex } from 'viem'
import type { PaymasterFields } from '../sponsorship.ts'

export function paymasterFields(fields: PaymasterFields): Record<string, Hex> {
  return {
    paymaster: fields.paymaster,
    paymasterData: fields.paymasterData,
    paymasterVerificationGasLimit: numberToHex(fields.paymasterVerificationGasLimit),
    paymasterPostOpGasLimit: numberToHex(fields.paymasterPostOpGasLimit),
  }
}
