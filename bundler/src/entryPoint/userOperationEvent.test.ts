import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { encodeAbiParameters, encodeEventTopics, type Hex, zeroAddress } from 'viem'
import { describe, expect, it } from 'vitest'
import { readUserOperationEvent } from './userOperationEvent.ts'

const operationHash: Hex = `0x${'1a'.repeat(32)}`
const sender = '0x52908400098527886E0F7030069857D2E4169EE7'
const paymaster = '0x8617E340B3D01FA5F11F306F4090FD50E238070D'

function logOf(payer: Hex) {
  return {
    topics: encodeEventTopics({
      abi: entryPoint07Abi,
      eventName: 'UserOperationEvent',
      args: { userOpHash: operationHash, sender, paymaster: payer },
    }) as Hex[],
    data: encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'bool' }, { type: 'uint256' }, { type: 'uint256' }],
      [(7n << 64n) + 1n, true, 10n ** 20n, 54_321n],
    ),
  }
}

describe('the event of a landed operation', () => {
  it('is read as the EntryPoint wrote it', () => {
    expect(readUserOperationEvent(logOf(paymaster))).toEqual({
      operationHash,
      sender,
      paymaster,
      nonce: (7n << 64n) + 1n,
      success: true,
      actualGasCostWei: 10n ** 20n,
      actualGasUsed: 54_321n,
    })
  })

  it('names no paymaster where the account paid', () => {
    expect(readUserOperationEvent(logOf(zeroAddress))?.paymaster).toBeUndefined()
  })

  it('is not seen in any other log', () => {
    const { topics, data } = logOf(paymaster)
    expect(readUserOperationEvent({ topics: [], data })).toBeUndefined()
    expect(readUserOperationEvent({ topics: [operationHash, ...topics.slice(1)], data })).toBeUndefined()
    expect(readUserOperationEvent({ topics: topics.slice(0, 3), data })).toBeUndefined()
    expect(readUserOperationEvent({ topics, data: '0x' })).toBeUndefined()
  })
})
