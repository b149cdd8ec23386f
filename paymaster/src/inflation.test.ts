// What somebody gains who is sender and bundler at once: whose operation carries the most that the service signs for,
// and who lands it to be paid the difference.
import { type Address, type Hex, numberToHex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from './testing/landOperation.ts'
import {
  approveCall,
  fees,
  newAccount,
  type TestCall,
  transferCall,
  welcomePolicy,
} from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from './testing/startPaymaster.ts'

let chain: Chain
let service: PaymasterUnderTest

beforeAll(async () => {
  chain = await startChain()
  await chain.anvil.client.setCode({ address: traitor, bytecode: traitorCode })
  service = await startPaymaster(chain, { policies: { policies: [welcomePolicy(chain)] } })
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

const fields = [
  'preVerificationGas',
  'callGasLimit',
  'verificationGasLimit',
  'paymasterPostOpGasLimit',
  'maxPriorityFeePerGas',
  'maxFeePerGas',
] as const
type Fields = Partial<Record<(typeof fields)[number], bigint>>

async function sign(
  account: SmartAccount,
  calls: readonly TestCall[],
  payment: object,
  values: Fields,
  nonce = 0n,
) {
  const { factory, factoryData } = await account.getFactoryArgs()
  const operation = {
    sender: account.address,
    nonce,
    callData: await account.encodeCalls(calls),
    ...(factory && factoryData ? { factory, factoryData } : {}),
    signature: await account.getStubSignature(),
    ...values,
  }
  const wire = Object.fromEntries(
    Object.entries(operation).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? numberToHex(value) : value,
    ]),
  )
  const response = await fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'pm_getPaymasterData',
      params: [wire, chain.entryPoint, '0x67', payment],
    }),
  })
  const { result } = (await response.json()) as { result?: Record<string, Hex> }
  if (result === undefined) return undefined
  const { paymasterPostOpGasLimit = '0x0', paymasterVerificationGasLimit = '0x0' } = result
  return {
    ...operation,
    ...result,
    paymasterPostOpGasLimit: BigInt(paymasterPostOpGasLimit),
    paymasterVerificationGasLimit: BigInt(paymasterVerificationGasLimit),
  }
}

/** Raises one field after the other to the most that is signed for, to within a hundredth. */
async function worst(
  account: SmartAccount,
  calls: readonly TestCall[],
  payment: object,
  honest: Required<Fields>,
  nonce = 0n,
) {
  const values = { ...honest }
  for (const field of fields) {
    let signed = values[field]
    let refused = 2n ** 40n
    while (refused - signed > signed / 100n + 1n) {
      const tried = (signed + refused) / 2n
      const granted = await sign(account, calls, payment, { ...values, [field]: tried }, nonce)
      if (granted !== undefined) signed = tried
      else refused = tried
    }
    values[field] = signed
  }
  return await sign(account, calls, payment, values, nonce)
}

/** What our bundler estimates and quotes for a SimpleAccount's first transfer or approval. */
const honestFields: Required<Fields> = {
  preVerificationGas: 52_000n,
  callGasLimit: 60_000n,
  verificationGasLimit: 280_000n,
  paymasterPostOpGasLimit: 0n,
  ...fees,
}

async function honestCost(calls: readonly TestCall[], payment: object): Promise<bigint> {
  const account = await newAccount(chain)
  const signed = await sign(account, calls, payment, honestFields)
  if (signed === undefined) throw new Error('An honest operation was not signed for')
  return (await landOperation(chain, account, signed)).costWei
}

/** Reverts on chain, and not while it is played (gas costs nothing then): a batch with it pays nothing. */
const traitor: Address = '0x7000000000000000000000000000000000000007'
const traitorCode: Hex = '0x3a600557005b600080fd'

/** The account of somebody who wrote it: burns all it is given when it is played, and nothing on chain. */
const burningAccountCode: Hex =
  '0x60003560e01c63b61d27f6143a151660185760206000f3fe5b5a614e201060185760206000f3'

describe('whoever is sender and bundler at once', () => {
  it.each(['sponsored', 'on credit'])(
    'gains less than an honest operation costs, though it carries the worst that is signed for: %s',
    async mode => {
      const onCredit = mode === 'on credit'
      const payment = onCredit ? { token: chain.token } : {}
      const calls = onCredit
        ? [approveCall(chain), { to: traitor, data: '0x' as const }]
        : [transferCall(chain)]
      const honestWei = await honestCost(calls, payment)
      const account = await newAccount(chain)
      const signed = await worst(account, calls, payment, honestFields)
      const landed = await landOperation(chain, account, signed as object)
      expect(landed.success).toBe(!onCredit)
      expect(landed.costWei).toBeLessThan(2n * honestWei)
    },
  )

  it('is signed for no more than the calls need, whatever its account does while it is played', async () => {
    const calls = [transferCall(chain)]
    const plain = await newAccount(chain)
    await land(plain, calls, 0n)
    const honestWei = await land(plain, calls, 1n)
    await chain.anvil.client.setCode({ address: plain.address, bytecode: burningAccountCode })
    const signed = await worst(plain, calls, {}, honestFields, 2n)
    const landed = await landOperation(chain, plain, signed as object)
    expect(landed.costWei).toBeLessThan(2n * honestWei)
  })
})

async function land(account: SmartAccount, calls: readonly TestCall[], nonce: bigint): Promise<bigint> {
  const signed = await sign(account, calls, {}, honestFields, nonce)
  return (await landOperation(chain, account, signed as object)).costWei
}
