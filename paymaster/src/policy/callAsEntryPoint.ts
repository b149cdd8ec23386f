// Calls made one after the other by the EntryPoint, as an account sees it: its delegateAndRevert runs code that stands
// somewhere for the length of one eth_call, and tells by an error what that returned.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import {
  type Address,
  BaseError,
  encodeFunctionData,
  type Hex,
  isHex,
  type PublicClient,
  toFunctionSelector,
} from 'viem'
import { word } from '../encodedOperation.ts'
import { callSequenceCode, readAnswers, type SequencedAnswer, type SequencedCall } from './callSequence.ts'

/** Code stands here for the length of one eth_call. */
const sequencer: Address = '0x5e90e9ce5e90e9ce5e90e9ce5e90e9ce5e90e9ce'

export async function callAsEntryPoint(
  { client, entryPoint }: { readonly client: PublicClient; readonly entryPoint: Address },
  calls: readonly SequencedCall[],
): Promise<readonly SequencedAnswer[]> {
  try {
    await client.request({
      method: 'eth_call',
      params: [
        { to: entryPoint, data: delegation },
        'latest',
        { [sequencer]: { code: callSequenceCode(calls) } },
      ],
    })
  } catch (error) {
    const returned = returnedBy(error)
    if (returned !== undefined) return readAnswers(returned)
    throw new Error('The EntryPoint could not be simulated', { cause: error })
  }
  throw new Error('The EntryPoint did not revert in delegateAndRevert: it is no EntryPoint v0.7')
}

const delegation = encodeFunctionData({
  abi: entryPoint07Abi,
  functionName: 'delegateAndRevert',
  args: [sequencer, '0x'],
})

/** What the sequence returned, out of the error by which the EntryPoint tells it; undefined for any other error. */
function returnedBy(error: unknown): Hex | undefined {
  const failed = error instanceof BaseError ? error.walk(cause => dataOf(cause) !== undefined) : error
  const data = dataOf(failed)
  if (data?.startsWith(successHead) !== true) return undefined
  const bytes = Number(`0x${data.slice(successHead.length, successHead.length + 64)}`)
  const start = successHead.length + 64
  const returned = data.slice(start, start + bytes * 2)
  return returned.length === bytes * 2 ? `0x${returned}` : undefined
}

/**
 * `DelegateAndRevert(true, …)` up to the length of its bytes. Read as text: it answers every request, and viem's decoder
 * hashes the error's signature each time.
 */
const successHead = `${toFunctionSelector('DelegateAndRevert(bool,bytes)')}${word(1)}${word(64)}`

/** Nodes give it as it is, or within an object of their own. */
function dataOf(error: unknown): Hex | undefined {
  const given = (error as { data?: unknown } | undefined)?.data
  const data = typeof given === 'object' && given !== null ? (given as { data?: unknown }).data : given
  return isHex(data) ? data : undefined
}
