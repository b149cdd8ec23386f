// A bundler's promise to land a user operation, as a bundler hands it out: the words that are signed, and where they count.
import type { Address, Hex } from 'viem'
import { type Client, isAddress, isHex, type Transport } from 'viem'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { InclusionPromise } from '../../protocol/bundling.ts'

/**
 * `open`: its block is yet to come; `kept`: landed in time; `late`: landed afterwards; `broken`: could have landed and did
 * not; `void`: its nonce was used for something else, or its sender made it impossible to land.
 */
export type PromiseState = 'open' | 'kept' | 'late' | 'broken' | 'void'

export type SignedPromise = InclusionPromise & {
  /** By the key that the bundler has registered. */
  readonly signature: Hex
  /** The PromiseCourt that a broken one can be brought to. */
  readonly court: Address
  readonly chainId: number
  /** As the bundler that was asked sees it; `verifyPromise` asks the chain. */
  readonly state: PromiseState
}

/** As it comes over the wire: quantities are hex. */
export type RpcPromise = {
  readonly bundlerId: number
  readonly userOpHash: Hex
  readonly sender: Hex
  readonly nonce: Hex
  readonly latestBlock: Hex
  readonly maxBaseFeePerGas: Hex
  readonly signature: Hex
  readonly court: Hex
  readonly chainId: Hex
  readonly state: string
}

export type PromiseRpcSchema = [
  {
    Method: 'worldland_sendUserOperation'
    Parameters: [userOperation: object, entryPoint: Address, options: { waitMilliseconds: Hex }]
    ReturnType: { readonly userOpHash: Hex; readonly promise?: RpcPromise }
  },
  {
    Method: 'worldland_getInclusionPromise'
    Parameters: [userOpHash: Hex, options: { waitMilliseconds: Hex }]
    ReturnType: RpcPromise | null
  },
]

/** The same client, as one that speaks to a bundler of this suite. */
export function promisingBundler(
  client: SmartAccountClient,
): Client<Transport, undefined, undefined, PromiseRpcSchema> {
  return client as unknown as Client<Transport, undefined, undefined, PromiseRpcSchema>
}

/** Throws where a bundler hands out something else. */
export function readPromise(wire: RpcPromise): SignedPromise {
  const { bundlerId, userOpHash, sender, signature, court, state } = wire
  const isRead =
    Number.isSafeInteger(bundlerId) &&
    isHex(userOpHash) &&
    isAddress(sender, { strict: false }) &&
    isHex(signature) &&
    isAddress(court, { strict: false })
  if (!isRead) throw malformed()
  try {
    return {
      bundlerId,
      userOpHash,
      sender,
      nonce: BigInt(wire.nonce),
      latestBlock: BigInt(wire.latestBlock),
      maxBaseFeePerGas: BigInt(wire.maxBaseFeePerGas),
      signature,
      court,
      chainId: Number(BigInt(wire.chainId)),
      state: state as PromiseState,
    }
  } catch (cause) {
    throw malformed(cause)
  }
}

function malformed(cause?: unknown): ComputeError {
  return new ComputeError({
    problem: 'The bundler answered with a promise that cannot be read.',
    remedy: 'The operation may have been sent all the same: look for its receipt.',
    source: 'bundler',
    cause,
  })
}
