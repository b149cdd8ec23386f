// Asks a bundler what an operation's gas is, for callers that let the paymaster do so. What the bundler
// refuses is passed on in its own words.
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, BaseError, createClient, type Hex, http, numberToHex, RpcRequestError } from 'viem'
import { z } from 'zod'
import type { RequestedOperation } from '../requestedOperation.ts'
import type { PaymasterFields } from '../sponsorship.ts'

export type EstimatedGas = Pick<
  RequestedOperation,
  'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas'
>

/** For `caller`, against whose limits a bundler that trusts this service counts the estimate. */
export type GasEstimator = (
  operation: RequestedOperation,
  paymaster: PaymasterFields,
  caller: string,
) => Promise<Result<EstimatedGas>>

/** EIP-1474 "resource unavailable". */
const resourceUnavailable = -32002

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,32}$/)
  .transform(BigInt)
const estimate = z.looseObject({
  callGasLimit: quantity,
  verificationGasLimit: quantity,
  preVerificationGas: quantity,
})

/** `bundlerUrl` is undefined where the operator has named none. */
export function createGasEstimator(options: {
  readonly bundlerUrl: string | undefined
  readonly entryPoint: Address
}): GasEstimator {
  const { bundlerUrl, entryPoint } = options
  return async (operation, paymaster, caller) => {
    if (bundlerUrl === undefined) {
      return refuse({
        code: resourceUnavailable,
        message:
          'This paymaster has no bundler to estimate gas with: give callGasLimit, verificationGasLimit and preVerificationGas (estimated with the answer of pm_getPaymasterStubData), or start it with --bundler-url',
      })
    }
    const fetchOptions = { headers: { 'x-forwarded-for': caller } }
    const bundler = createClient({ transport: http(bundlerUrl, { retryCount: 0, fetchOptions }) })
    try {
      const answer = await bundler.request({
        method: 'eth_estimateUserOperationGas',
        params: [toWire(operation, paymaster), entryPoint],
      } as never)
      const parsed = estimate.safeParse(answer)
      if (!parsed.success) return unavailable('The bundler answered something else than gas limits')
      const { callGasLimit, verificationGasLimit, preVerificationGas } = parsed.data
      return accept({ callGasLimit, verificationGasLimit, preVerificationGas })
    } catch (error) {
      const refusal = error instanceof BaseError ? error.walk(isRpcError) : null
      if (!(refusal instanceof RpcRequestError)) return unavailable('The bundler does not answer')
      return refuse({ code: refusal.code, message: refusal.details, data: refusal.data })
    }
  }
}

function isRpcError(error: unknown): boolean {
  return error instanceof RpcRequestError
}

function unavailable(problem: string): Result<never> {
  return refuse({ code: resourceUnavailable, message: `${problem}: give the gas limits, or try again later` })
}

function toWire(operation: RequestedOperation, paymaster: PaymasterFields): Record<string, Hex> {
  return {
    sender: operation.sender,
    nonce: numberToHex(operation.nonce),
    ...(operation.factory === undefined
      ? {}
      : { factory: operation.factory, factoryData: operation.factoryData ?? '0x' }),
    callData: operation.callData,
    callGasLimit: numberToHex(operation.callGasLimit),
    verificationGasLimit: numberToHex(operation.verificationGasLimit),
    preVerificationGas: numberToHex(operation.preVerificationGas),
    maxFeePerGas: numberToHex(operation.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(operation.maxPriorityFeePerGas),
    paymaster: paymaster.paymaster,
    paymasterData: paymaster.paymasterData,
    paymasterVerificationGasLimit: numberToHex(paymaster.paymasterVerificationGasLimit),
    paymasterPostOpGasLimit: numberToHex(paymaster.paymasterPostOpGasLimit),
    signature: operation.signature ?? '0x',
  }
}
