import { parseGwei } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { keccak256 } from 'viem/utils'
import { expect, it } from 'vitest'
import { signTransaction } from './signTransaction.ts'

it("signs what the account itself would sign, and names it by the chain's hash", async () => {
  const account = privateKeyToAccount(`0x${'4b'.repeat(32)}`)
  for (let nonce = 0; nonce < 8; nonce++) {
    const transaction = {
      type: 'eip1559',
      chainId: 103,
      nonce,
      to: account.address,
      data: `0x${'00ab'.repeat(500 * nonce)}`,
      gas: 1_000_000n,
      maxFeePerGas: parseGwei('3'),
      maxPriorityFeePerGas: parseGwei('2'),
    } as const
    const expected = await account.signTransaction(transaction)
    expect(await signTransaction(account, transaction)).toEqual({
      signed: expected,
      hash: keccak256(expected),
    })
  }
})
