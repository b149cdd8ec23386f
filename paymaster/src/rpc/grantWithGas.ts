// For callers that leave the gas to the paymaster: a bundler estimates it with a stub, and it is signed over.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Hex, numberToHex } from 'viem'
import type { GasEstimator } from '../pricing/estimateGas.ts'
import { hasGas } from '../requestedOperation.ts'
import type { Sponsorship, SponsorshipRequest } from '../sponsorship.ts'
import { paymasterFields } from './paymasterFields.ts'
import type { TellTokenPayment, TokenPayment } from './tokenPayment.ts'

/** The paymaster's fields and the operation's own three gas limits, with which they are valid. */
export async function grantWithGas(
  asked: SponsorshipRequest,
  options: {
    readonly sponsorship: Sponsorship
    readonly estimateGas: GasEstimator
    readonly tellTokenPayment: TellTokenPayment
  },
): Promise<Result<Record<string, Hex | TokenPayment>>> {
  const { sponsorship, estimateGas, tellTokenPayment } = options
  let request = asked
  if (!hasGas(request.operation) || request.operation.callGasLimit === 0n) {
    const stub = await sponsorship.stub(request)
    if (!stub.ok) return stub
    const estimated = await estimateGas(request.operation, stub.value, request.address ?? request.caller)
    if (!estimated.ok) return estimated
    request = { ...request, operation: { ...request.operation, ...estimated.value } }
  }
  const granted = await sponsorship.grant(request)
  if (!granted.ok) return granted
  const { callGasLimit, verificationGasLimit, preVerificationGas } = request.operation
  return accept({
    ...paymasterFields(granted.value),
    ...tellTokenPayment(granted.value),
    callGasLimit: numberToHex(callGasLimit),
    verificationGasLimit: numberToHex(verificationGasLimit),
    preVerificationGas: numberToHex(preVerificationGas),
  })
}
