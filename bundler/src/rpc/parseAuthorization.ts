// An EIP-7702 authorization as it comes with an operation (ERC-7769 eip7702Auth).
import { getAddress, type Hex, numberToHex, type SignedAuthorization } from 'viem'

const quantity = /^0x[0-9a-fA-F]{1,64}$/

/** Undefined when it is none. Other fields are let pass: some clients put their own there. */
export function parseAuthorization(value: unknown): SignedAuthorization<number> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { address, chainId, nonce, yParity, r, s } = value as Record<string, unknown>
  const numbers = [chainId, nonce, yParity, r, s]
  if (!numbers.every((number): number is Hex => typeof number === 'string' && quantity.test(number))) {
    return undefined
  }
  if (typeof address !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(address)) return undefined
  const [chain, transactions, parity] = numbers.map(Number) as [number, number, number]
  if (!Number.isSafeInteger(chain) || !Number.isSafeInteger(transactions) || parity > 1) return undefined
  return {
    address: getAddress(address.toLowerCase()),
    chainId: chain,
    nonce: transactions,
    yParity: parity,
    r: numberToHex(BigInt(r as Hex), { size: 32 }),
    s: numberToHex(BigInt(s as Hex), { size: 32 }),
  }
}
