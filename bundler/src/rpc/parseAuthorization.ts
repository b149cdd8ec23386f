// The wire form of an EIP-7702 authorization (ERC-7769 eip7702Auth) to ours. Fields beside its own are passed over,
// for clients send nulls along.
import { getAddress, isAddress, numberToHex, type SignedAuthorization } from 'viem'
import { parseQuantity } from './parseQuantity.ts'

/** Undefined for what is none. */
export function parseAuthorization(value: unknown): SignedAuthorization | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const wire = value as Record<string, unknown>
  const { address } = wire
  if (typeof address !== 'string' || !isAddress(address, { strict: false })) return undefined
  const [chainId, nonce] = [parseQuantity(wire.chainId, 16), parseQuantity(wire.nonce, 16)]
  const [r, s, yParity] = [wire.r, wire.s, wire.yParity].map(word => parseQuantity(word, 64))
  if (r === undefined || s === undefined) return undefined
  if (!isSafe(chainId) || !isSafe(nonce) || (yParity !== 0n && yParity !== 1n)) return undefined
  return {
    address: getAddress(address.toLowerCase()),
    chainId: Number(chainId),
    nonce: Number(nonce),
    r: numberToHex(r, { size: 32 }),
    s: numberToHex(s, { size: 32 }),
    yParity: Number(yParity),
  }
}

function isSafe(value: bigint | undefined): value is bigint {
  return value !== undefined && value <= BigInt(Number.MAX_SAFE_INTEGER)
}
