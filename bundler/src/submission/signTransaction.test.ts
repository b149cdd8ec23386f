import fc from 'fast-check'
import { keccak256, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { expect, it } from 'vitest'
import { signTransaction } from './signTransaction.ts'

const account = privateKeyToAccount(generatePrivateKey())
const number = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n })
const fees = fc
  .record({ maxFeePerGas: number(96n), share: fc.bigInt({ min: 0n, max: 100n }) })
  .map(({ maxFeePerGas, share }) => ({ maxFeePerGas, maxPriorityFeePerGas: (maxFeePerGas * share) / 100n }))
/** Around the lengths where RLP writes more than one byte of length, and below. */
const length = fc.oneof(
  fc.nat(60),
  fc.integer({ min: 250, max: 260 }),
  fc.integer({ min: 65_530, max: 65_540 }),
)
const data = fc.tuple(length, fc.nat(255)).map(([bytes, fill]) => toHex(new Uint8Array(bytes).fill(fill)))

const common = {
  chainId: fc.integer({ min: 1, max: 2 ** 40 }),
  nonce: fc.nat(70_000),
  to: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(bytes => toHex(bytes)),
  data: fc.option(data, { nil: undefined }),
  value: fc.option(number(100n), { nil: undefined }),
  gas: number(40n),
  fees,
}

it("signs what the account itself would sign, and names it by the chain's hash", async () => {
  await fc.assert(
    fc.asyncProperty(fc.record(common), async ({ fees, ...rest }) => {
      const transaction = { type: 'eip1559', ...rest, ...fees } as const
      const expected = await account.signTransaction(transaction)
      expect(await signTransaction(account, transaction)).toEqual({
        signed: expected,
        hash: keccak256(expected),
      })
    }),
    { numRuns: 40 },
  )
})

it('the same of one that carries authorizations', async () => {
  const authorities = [account, privateKeyToAccount(generatePrivateKey())]
  await fc.assert(
    fc.asyncProperty(fc.record(common), fc.nat(300), async ({ fees, ...rest }, nonce) => {
      const authorizationList = await Promise.all(
        authorities.map(one =>
          one.signAuthorization({ chainId: rest.chainId, address: rest.to, nonce: nonce * nonce }),
        ),
      )
      const transaction = { type: 'eip7702', ...rest, ...fees, authorizationList } as const
      const expected = await account.signTransaction(transaction)
      expect(await signTransaction(account, transaction)).toEqual({
        signed: expected,
        hash: keccak256(expected),
      })
    }),
    { numRuns: 20 },
  )
})
