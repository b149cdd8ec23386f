import { custom, type EIP1193RequestFn, encodeErrorResult } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import { instanceLeaseAbi } from '../../abi/instanceLease.ts'
import { waitForUserOperation } from './waitForUserOperation.ts'

const hash = `0x${'ab'.repeat(32)}` as const

/** A bundler and node that answer as told; asked for something else they refuse. */
function answering(answers: Record<string, unknown>) {
  const request = (async ({ method }: { method: string }) => {
    if (method in answers) return answers[method]
    throw Object.assign(new Error(`the method ${method} does not exist`), { code: -32601 })
  }) as EIP1193RequestFn
  return createBundlerClient({ transport: custom({ request }, { retryCount: 0 }), pollingInterval: 1 })
}

const receipt = {
  userOpHash: hash,
  success: true,
  actualGasCost: '0x1',
  actualGasUsed: '0x1',
  nonce: '0x0',
  logs: [],
  receipt: { status: '0x1', logs: [], blockNumber: '0x2', gasUsed: '0x1' },
}

describe('waitForUserOperation', () => {
  it('returns the receipt of an operation that landed', async () => {
    const client = answering({ eth_blockNumber: '0x2', eth_getUserOperationReceipt: receipt })
    expect(await waitForUserOperation(client, { hash })).toMatchObject({ success: true, userOpHash: hash })
  })

  it('says in a sentence why an operation that landed was undone', async () => {
    const reason = encodeErrorResult({ abi: instanceLeaseAbi, errorName: 'PingTooSoon', args: [9n] })
    const client = answering({
      eth_blockNumber: '0x2',
      eth_getUserOperationReceipt: { ...receipt, success: false, reason },
    })
    await expect(waitForUserOperation(client, { hash })).rejects.toThrow(
      'The user operation landed but was undone: The next ping can be sent in block 9.',
    )
  })

  it('stops waiting when the bundler has dropped the operation, and says why', async () => {
    const client = answering({
      eth_blockNumber: '0x2',
      eth_getUserOperationReceipt: null,
      pimlico_getUserOperationStatus: { status: 'rejected', reason: 'AA25 invalid account nonce' },
    })
    await expect(waitForUserOperation(client, { hash })).rejects.toThrow(
      /dropped.*AA25 invalid account nonce/,
    )
  })

  it('goes by blocks alone with a bundler that keeps no status', async () => {
    let head = 0
    const client = answering({
      eth_getUserOperationReceipt: null,
      get eth_blockNumber() {
        return `0x${(++head).toString(16)}`
      },
    })
    await expect(waitForUserOperation(client, { hash, timeoutBlocks: 3n })).rejects.toThrow('within 3 blocks')
  })
})
