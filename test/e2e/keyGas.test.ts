// Calls of an ordinary key land also where the chain has moved on since they were estimated.
import { sendCalls } from '@worldland-aa/sdk/account/sendCalls'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { createPublicClient, createWalletClient, http, numberToHex, pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { anvilKey } from '../support/keys.ts'

/** Called with a word, keeps it in its first slot; called with nothing, copies that into its second. */
const copier = '0x00000000000000000000000000000000000000cc'
const code = '0x36600b5760005460015500' + '5b60003560005500'
const word = (value: number) => pad(numberToHex(value), { size: 32 })
let anvil: Anvil

beforeAll(async () => {
  anvil = await startAnvil({ blockSeconds: 0 })
  await anvil.client.setCode({ address: copier, bytecode: code as `0x${string}` })
  for (const index of [0, 1]) {
    await anvil.client.setStorageAt({ address: copier, index, value: word(7) })
  }
})
afterAll(() => anvil?.stop())

it('a call that writes more by the time it lands has the gas for it', async () => {
  const [own, other] = [0, 1].map(index =>
    createWalletClient({
      chain: worldLand,
      transport: http(anvil.url),
      account: privateKeyToAccount(anvilKey(index)),
    }),
  )
  if (own === undefined || other === undefined) throw new Error('there are two')
  const sent = await sendCalls(own, {
    contracts: {} as ComputeContracts,
    calls: [{ to: copier, data: '0x', value: 0n }],
  })
  // Goes first, for it offers more: what was a copy of the same is one of another then.
  await other.sendTransaction({ to: copier, data: word(8), maxPriorityFeePerGas: 50_000_000_000n })
  await anvil.client.mine({ blocks: 1 })
  if (sent.kind !== 'transactions') throw new Error('an ordinary key sends transactions')
  const chain = createPublicClient({ chain: worldLand, transport: http(anvil.url) })
  const [hash = '0x'] = sent.transactionHashes
  expect(await chain.getTransactionReceipt({ hash })).toMatchObject({ status: 'success' })
  expect(await chain.getStorageAt({ address: copier, slot: word(1) })).toBe(word(8))
})
