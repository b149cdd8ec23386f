// What an operation's calls cost by themselves, whatever its account makes of them: the account's code is its owner's,
// and may burn any amount of gas while it is looked at, to have that amount signed for. The contracts that a policy
// names are the operator's choice.
import { type Address, concat, type Hex, type PublicClient } from 'viem'
import type { AccountCall } from './accountCalls.ts'
import { callSequenceCode, readAnswers } from './callSequence.ts'

/** Stands for the EntryPoint: nobody else calls what stands in the account's place from there. */
const caller: Address = '0x5e90e9ce5e90e9ce5e90e9ce5e90e9ce5e90e9ce'
const mostValueWei = 2n ** 128n - 1n

/** Gas of the calls in their order, made by an account without a code of its own. */
export async function gasOfCalls(options: {
  readonly client: PublicClient
  readonly sender: Address
  readonly calls: readonly AccountCall[]
}): Promise<bigint> {
  const { client, sender } = options
  const calls = options.calls.map(({ to, data, valueWei }) => ({
    to,
    data,
    valueWei: valueWei < mostValueWei ? valueWei : mostValueWei,
  }))
  const { data: returned } = await client.call({
    account: caller,
    to: sender,
    stateOverride: [{ address: sender, code: callSequenceCode(calls, receiver) }],
  })
  return readAnswers(returned ?? '0x').reduce((sum, { gasUsed }) => sum + gasUsed, 0n)
}

/**
 * Answers all others with the selector they call, as ERC-721, ERC-1155 and ERC-1271 want it:
 * if (caller != …) return msg.sig.
 */
const receiver: Hex = concat([
  ...(['0x73', caller, '0x33', '0x14', '0x602b', '0x57'] as const), // JUMPI to the calls
  ...(['0x6000', '0x35', '0x60e0', '0x1c', '0x60e0', '0x1b', '0x6000', '0x52'] as const),
  ...(['0x6020', '0x6000', '0xf3', '0x5b'] as const),
])
