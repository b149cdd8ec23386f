// One word out of a view function, for what is asked at every request: viem's own way encodes, decodes and makes ready for
// errors anew each time, which takes as long as all else that is done for such a question.
import type { Address, Hex, PublicClient } from 'viem'

export type WordQuestion = {
  readonly to: Address
  /** Of the function, by `toFunctionSelector`. */
  readonly selector: Hex
  /** Each an address or an unsigned integer. */
  readonly args: readonly (Address | bigint)[]
}

/** What the function answers at the newest block, as an unsigned integer; throws where nothing answers. */
export async function readWord(client: PublicClient, question: WordQuestion): Promise<bigint> {
  const { to, selector, args } = question
  const data = encodeCall(selector, args)
  const answer = await client.request({ method: 'eth_call', params: [{ to, data }, 'latest'] })
  if (answer.length < 66) throw new Error(`${to} does not answer ${selector}: is there a contract?`)
  return BigInt(answer.slice(0, 66))
}

/** The calldata of a function whose arguments are a word each. */
export function encodeCall(selector: Hex, args: WordQuestion['args']): Hex {
  return `${selector}${args.map(encodeWord).join('')}`
}

function encodeWord(value: Address | bigint): string {
  const digits = typeof value === 'bigint' ? value.toString(16) : value.slice(2)
  return digits.padStart(64, '0')
}
