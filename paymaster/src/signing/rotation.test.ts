// A signer gives way to another in the order that docs/keys.md tells: nothing that was signed for is lost on the way.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Address } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { landOperation } from '../testing/landOperation.ts'
import { fees, gas, newAccount, transferCall, viemClient, welcomePolicy } from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, paymasterConfig, startPaymaster } from '../testing/startPaymaster.ts'

let chain: Chain
let service: PaymasterUnderTest | undefined
let dataFile: string

beforeAll(async () => {
  chain = await startChain()
  dataFile = paymasterConfig(chain).dataFile
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

async function start(signerKey: string): Promise<void> {
  await service?.stop()
  service = undefined
  service = await startPaymaster(chain, {
    settings: { dataFile, signerKey },
    policies: { policies: [welcomePolicy(chain)] },
  })
}

async function allow(signer: Address, isAllowed: boolean): Promise<void> {
  const contract = { address: chain.paymaster, abi: computePaymasterAbi } as const
  const hash = await chain.wallet.writeContract({
    ...contract,
    functionName: 'setSigner',
    args: [signer, isAllowed],
  })
  await chain.client.waitForTransactionReceipt({ hash })
}

async function signed(account: SmartAccount) {
  const client = viemClient(chain, service?.url ?? '', account, 'client')
  return await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
}

it('a new signer takes over without an interruption, and the old one is revoked when its signatures have had their time', async () => {
  const [early, late, next] = [await newAccount(chain), await newAccount(chain), await newAccount(chain)]
  await start(chain.signerKey)
  const ofOld = await signed(early)
  const tooLate = await signed(late)

  const newKey = generatePrivateKey()
  await expect(start(newKey)).rejects.toThrow('is not a signer of the paymaster')
  await allow(privateKeyToAddress(newKey), true)
  await start(newKey)
  const ofNew = await signed(next)
  expect((await landOperation(chain, early, ofOld)).success).toBe(true)
  expect((await landOperation(chain, next, ofNew)).success).toBe(true)

  await allow(privateKeyToAddress(chain.signerKey), false)
  await expect(landOperation(chain, late, tooLate)).rejects.toThrow()
  expect((await landOperation(chain, late, await signed(late))).success).toBe(true)
})
