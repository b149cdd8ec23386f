// How large an operation grows with the machines in it: bundlers take one up to 8,192 bytes (ERC-7769's advice), and a
// sentence before anybody signs is worth more than their refusal after.
import { encodeAbiParameters } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { Call } from '../../account/call.ts'
import { ComputeError } from '../../errors/computeError.ts'

const agreedBytes = 8_192
/** The fields of fixed length with their places, and what a paymaster signs: 476, measured; others may sign more. */
const frameBytes = 512

export async function checkOperationSize(
  account: SmartAccount,
  options: {
    readonly calls: readonly Call[]
    readonly machines: number
    readonly maximumOperationBytes?: number | undefined
  },
): Promise<void> {
  const { calls, machines, maximumOperationBytes = agreedBytes } = options
  const bytes = await operationBytes(account, calls)
  if (bytes <= maximumOperationBytes) return
  throw new ComputeError({
    problem: `An operation that rents ${machines} machines takes about ${bytes} bytes, and the bundler takes ${maximumOperationBytes}.`,
    remedy:
      'Rent them by several operations, each with a part of the plan, or seal shorter requests: environment and command take the most.',
  })
}

async function operationBytes(account: SmartAccount, calls: readonly Call[]): Promise<number> {
  const [callData, signature, { factoryData = '0x' }] = await Promise.all([
    account.encodeCalls(calls),
    account.getStubSignature(),
    (await account.isDeployed()) ? { factoryData: undefined } : account.getFactoryArgs(),
  ])
  const encoded = encodeAbiParameters(
    [{ type: 'bytes' }, { type: 'bytes' }, { type: 'bytes' }],
    [callData, signature, factoryData],
  )
  return (encoded.length - 2) / 2 + frameBytes
}
