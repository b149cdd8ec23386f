// Reads what a token says of itself, and refuses what the paymaster cannot take: no contract, no decimals, too many.
import { accept, refuse } from '@worldland-aa/service/result'
import { type Address, hexToString, type PublicClient, parseAbi } from 'viem'
import { findTokenSlots } from '../tokenSlots.ts'
import { mostTokenDecimals, type ReadToken } from './tokenBook.ts'

const stringAbi = parseAbi([
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
])
/** As the first tokens had them. */
const bytesAbi = parseAbi([
  'function name() view returns (bytes32)',
  'function symbol() view returns (bytes32)',
])
const mostNameCharacters = 64
const invalid = -32602

export function createReadToken(client: PublicClient): ReadToken {
  async function text(address: Address, functionName: 'name' | 'symbol'): Promise<string> {
    const read = async (): Promise<string> => {
      try {
        return await client.readContract({ address, abi: stringAbi, functionName })
      } catch {
        const word = await client.readContract({ address, abi: bytesAbi, functionName })
        return hexToString(word, { size: 32 })
      }
    }
    const found = await read().catch(() => '')
    // Whatever a token calls itself is shown to people: no control characters, no more than a line.
    return found.replace(/\p{C}/gu, '').slice(0, mostNameCharacters)
  }

  return async address => {
    const no = (problem: string) =>
      refuse({ code: invalid, message: `${address} ${problem}`, data: { field: 'address' } })
    if ((await client.getCode({ address })) === undefined) return no('is no contract on this chain')
    const decimals = await client
      .readContract({ address, abi: stringAbi, functionName: 'decimals' })
      .catch(() => undefined)
    if (decimals === undefined) return no('tells no decimals, so what it is worth cannot be reckoned')
    if (decimals > mostTokenDecimals) {
      return no(`has ${decimals} decimals, and at most ${mostTokenDecimals} can be reckoned with`)
    }
    const [name, symbol] = await Promise.all([text(address, 'name'), text(address, 'symbol')])
    // A token that answers them otherwise is taken without: clients then give slots of their own.
    const slots = await findTokenSlots(client, address).catch(() => ({}))
    return accept({ name: name || symbol || address, symbol: symbol || address.slice(0, 8), decimals, slots })
  }
}
