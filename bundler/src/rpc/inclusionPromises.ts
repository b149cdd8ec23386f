// Promises as they go over the wire, and how long a caller may wait for one.
import { accept, type Result } from '@worldland-aa/service/result'
import { type Address, type Hash, type Hex, numberToHex } from 'viem'
import { invalid } from './parseUserOperation.ts'

/** What the door needs of a promise: the stage's own type has more. */
export type ShownPromise = {
  readonly promise: {
    readonly bundlerId: number
    readonly userOpHash: Hash
    readonly sender: Address
    readonly nonce: bigint
    readonly latestBlock: bigint
    readonly maxBaseFeePerGas: bigint
  }
  readonly signature: Hex
  readonly court: Address
  readonly state: string
}

/** Who knows of promises; a node that bundles by itself has none. */
export type PromiseSource = {
  wait(hash: Hash, timeoutMilliseconds: number, signal?: AbortSignal): Promise<ShownPromise | undefined>
}

const mostMilliseconds = 2_000

/** `{ waitMilliseconds? }`, a number or a quantity; absent: not at all. More than 2,000 is taken for 2,000. */
export function parseWait(value: unknown): Result<number> {
  if (value === undefined || value === null) return accept(0)
  if (typeof value !== 'object' || Array.isArray(value))
    return invalid('options', 'must be an object', 'such as { "waitMilliseconds": 500 }')
  const { waitMilliseconds = 0, ...others } = value as Readonly<Record<string, unknown>>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    return invalid(`options.${unknown.slice(0, 32)}`, 'is not known', 'known is waitMilliseconds')
  const isQuantity = typeof waitMilliseconds === 'string' && /^0x[0-9a-fA-F]{1,8}$/.test(waitMilliseconds)
  const milliseconds = isQuantity ? Number(waitMilliseconds) : waitMilliseconds
  if (typeof milliseconds !== 'number' || !Number.isInteger(milliseconds) || milliseconds < 0)
    return invalid('options.waitMilliseconds', 'is malformed', 'give a whole number, at most 2000')
  return accept(Math.min(milliseconds, mostMilliseconds))
}

export function showPromise({ promise, signature, court, state }: ShownPromise, chainId: number) {
  return {
    bundlerId: promise.bundlerId,
    userOpHash: promise.userOpHash,
    sender: promise.sender,
    nonce: numberToHex(promise.nonce),
    latestBlock: numberToHex(promise.latestBlock),
    maxBaseFeePerGas: numberToHex(promise.maxBaseFeePerGas),
    signature,
    court,
    chainId: numberToHex(chainId),
    state,
  }
}

/** Who includes it and by when, and what that is worth now. */
export function promisedWords({ promise, state, court }: ShownPromise): string {
  const { bundlerId, latestBlock, maxBaseFeePerGas } = promise
  const said = `bundler ${bundlerId} has promised to land it by block ${latestBlock}, as long as the base fee is at most ${maxBaseFeePerGas} wei`
  switch (state) {
    case 'open':
      return `${said}; if it could and does not, whoever challenges that before the court ${court} has it fined`
    case 'kept':
      return `${said}, and has kept it`
    case 'late':
      return `${said}, and was late`
    case 'broken':
      return `${said}, and has not: until it does so, or shows that it cannot land, it can be challenged before the court ${court}`
    default:
      return `${said}, which binds it no more: the nonce is used, or it cannot land any more`
  }
}
