import { type Anvil, startAnvil } from '@worldland-aa/service/testing/startAnvil'
import { createPublicClient, custom, type Hash, http, keccak256, type PublicClient } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { broadcast } from './broadcast.ts'
import type { SignedTransaction } from './nonceSlot.ts'

const gwei = 10n ** 9n
let anvil: Anvil
let client: PublicClient

beforeAll(async () => {
  anvil = await startAnvil({ blockSeconds: 0 })
  client = createPublicClient({ transport: http(anvil.url, { retryCount: 0 }) }) as PublicClient
})
afterAll(async () => await anvil.stop())

async function sender(wei = 10n ** 18n) {
  const key = privateKeyToAccount(generatePrivateKey())
  await anvil.client.setBalance({ address: key.address, value: wei })
  return async (nonce: number, fee = 10n * gwei): Promise<SignedTransaction> => {
    const fees = { maxFeePerGas: fee, maxPriorityFeePerGas: gwei }
    const signed = await key.signTransaction({
      type: 'eip1559',
      chainId: 103,
      nonce,
      to: key.address,
      gas: 21_000n,
      ...fees,
    })
    return {
      hash: keccak256(signed),
      kind: 'cancellation',
      signed,
      operations: [],
      gasLimit: 21_000n,
      fees,
      signedAtBlock: 0n,
    }
  }
}

describe('what a real node says', () => {
  it('to a good transaction, and to the same again', async () => {
    const sign = await sender()
    const one = await sign(0)
    expect(await broadcast(client, one)).toEqual({ outcome: 'accepted' })
    expect(await broadcast(client, one)).toMatchObject({ outcome: 'accepted' })
  })

  it('to a nonce that is used up', async () => {
    const sign = await sender()
    await broadcast(client, await sign(0))
    await anvil.client.mine({ blocks: 1 })
    expect(await broadcast(client, await sign(0, 20n * gwei))).toMatchObject({ outcome: 'nonce used' })
  })

  it('to a replacement that is cheaper', async () => {
    const sign = await sender()
    await broadcast(client, await sign(0))
    expect(await broadcast(client, await sign(0, 9n * gwei))).toMatchObject({ outcome: 'underpriced' })
  })

  it('to an executor without money', async () => {
    const sign = await sender(1_000n)
    expect(await broadcast(client, await sign(0))).toMatchObject({ outcome: 'poor' })
  })

  it('to bytes that are no transaction', async () => {
    const sign = await sender()
    const one = await sign(0)
    expect(
      await broadcast(client, { ...one, signed: '0x02deadbeef', hash: keccak256('0x01') }),
    ).toMatchObject({
      outcome: 'refused',
    })
  })

  it('when it is not there', async () => {
    const sign = await sender()
    const nobody = createPublicClient({
      transport: http('http://127.0.0.1:1', { retryCount: 0 }),
    }) as PublicClient
    expect(await broadcast(nobody, await sign(0))).toMatchObject({ outcome: 'unreachable' })
  })
})

describe('the words of other nodes', () => {
  /** Says `message` to every transaction, and knows those of which `knows` is true. */
  function node(message: string, knows = false): PublicClient {
    return createPublicClient({
      transport: custom(
        {
          async request({ method, params }: { method: string; params: [Hash] }) {
            if (method === 'eth_sendRawTransaction') throw { code: -32000, message }
            return knows ? { hash: params[0], blockNumber: null, type: '0x2', nonce: '0x0' } : null
          },
        },
        { retryCount: 0 },
      ),
    }) as PublicClient
  }

  it.each([
    ['already known', 'accepted'],
    ['known transaction: 0x1234', 'accepted'],
    ['nonce too low: next nonce 5, tx nonce 4', 'nonce used'],
    ['replacement transaction underpriced', 'underpriced'],
    ['transaction underpriced: tip needed 1000000000, tip permitted 1', 'underpriced'],
    ['max fee per gas less than block base fee: address 0x12, maxFeePerGas: 1, baseFee: 7', 'underpriced'],
    ['insufficient funds for gas * price + value: balance 0, tx cost 1', 'poor'],
    ['txpool is full', 'unreachable'],
    ['exceeds block gas limit', 'refused'],
    ['tx fee (1.20 ether) exceeds the configured cap (1.00 ether)', 'refused'],
  ] as const)('“%s” means %s', async (message, outcome) => {
    const sign = await sender()
    expect(await broadcast(node(message), await sign(0))).toMatchObject({ outcome })
  })

  it('that nobody foresaw do not matter when the node has the transaction after all', async () => {
    const sign = await sender()
    expect(await broadcast(node('Transaktion bereits vorhanden', true), await sign(0))).toMatchObject({
      outcome: 'accepted',
    })
  })
})
