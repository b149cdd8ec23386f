// Money that is quoted is money that suffices: an account that holds exactly what `quoteRental` says rents, and ends what
// it rented, whatever sort of account it is, and though the base fee doubles meanwhile.

import { bundlerFees } from '@worldland-aa/sdk/account/bundlerFees'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import { measuredGas } from '@worldland-aa/sdk/actions/lease/rentalGas'
import { getGasCharge } from '@worldland-aa/sdk/actions/operation/getGasCharge'
import { type ComputeClient, createComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import { toSimpleSmartAccount } from 'permissionless/accounts'
import { createTestClient, http, parseGwei } from 'viem'
import { entryPoint07Address, type SmartAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { worldLand } from 'viem/chains'
import { describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { eventually } from '../support/eventually.ts'
import { giveTokens } from '../support/money.ts'
import { createPasskey } from '../support/passkey.ts'

// On a busy machine a passkey's estimates take longer than one caller may have.
const stage = devnetStage({
  serving: true,
  daemonSettings: { bundler: { unpaidMillisecondsPerSecond: 0 } },
})
const newKey = () => privateKeyToAccount(generatePrivateKey())
const compute = (owner: Parameters<typeof toComputeAccount>[0]['owner']) =>
  toComputeAccount({ client: stage.client, contracts: stage.devnet.contracts, owner })

const kinds = [
  [
    'a SimpleAccount',
    'simple',
    () =>
      toSimpleSmartAccount({
        client: stage.client,
        owner: newKey(),
        entryPoint: { address: entryPoint07Address, version: '0.7' },
        factoryAddress: stage.devnet.contracts.simpleAccountFactory,
      }),
  ],
  ['a ComputeAccount with a key', 'computeKey', () => compute(newKey())],
  ['a ComputeAccount with a passkey', 'computePasskey', () => compute(createPasskey())],
] as const

/** Has blocks ask for a base fee until the bundler does. On a chain of its own, EIP-1559 would take its time. */
async function setBaseFee(client: ComputeClient, baseFeePerGas: bigint): Promise<void> {
  const anvil = createTestClient({ mode: 'anvil', chain: worldLand, transport: http(stage.devnet.rpcUrl) })
  const isNear = (wei: bigint) => wei > (baseFeePerGas * 7n) / 4n && wei < (baseFeePerGas * 5n) / 2n
  await eventually(
    'the bundler asking for the base fee',
    async () => {
      await anvil.setNextBlockBaseFeePerGas({ baseFeePerGas })
      return await bundlerFees(client)
    },
    ({ maxFeePerGas, maxPriorityFeePerGas }) => isNear(maxFeePerGas - maxPriorityFeePerGas),
  )
}

/** The paymaster may take a block more to see that a fee is no mistake. */
async function sent<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  const early = ['feeTooHigh', 'feeTooLow', 'chainMoved']
  return await eventually<Answer | undefined, Answer>(
    'the operation being taken',
    () =>
      send().catch(error => {
        if (early.includes(error.errorName)) return undefined
        throw error
      }),
    (answer): answer is Answer => answer !== undefined,
  )
}

describe.each(kinds)('%s that holds exactly what was quoted', (_, kind, create) => {
  it('rents and stops, first as it is deployed and then again', async () => {
    const { contracts, rpcUrl } = stage.devnet
    const bundlerUrl = http(stage.devnet.bundlerUrl, { timeout: 60_000 })
    const account: SmartAccount = await create()
    const client = createComputeClient({ account, contracts, bundlerUrl, rpcUrl, pollingInterval: 100 })
    const [offer] = await client.findOffers()
    if (offer === undefined) throw new Error('The devnet has no offers')
    for (const seconds of [600, 6_000]) {
      await setBaseFee(client, parseGwei('20'))
      const quote = await sent(() => client.quoteRental({ offerId: offer.offerId, seconds }))
      const { gas, exit, balance } = quote
      if (gas === undefined || exit === undefined) throw new Error('The gas is not quoted')
      expect(quote.totalWei).toBe(quote.escrowWei + gas.maximumWei + exit.maximumWei)
      expect(balance?.suffices).toBe(false)
      await giveTokens(stage, account.address, balance?.missingWei ?? 0n)
      expect(await client.getTokenBalance({ holder: account.address })).toBe(quote.totalWei)

      const rented = await client.waitForRental({
        hash: await sent(() => client.rentInstance({ offerId: offer.offerId, seconds })),
      })
      const { leaseId } = rented
      const look = () => client.getLease({ leaseId })
      await eventually('the machine being ready', look, ({ state }) => state === 'ready')
      // A quote is by twice the base fee, doubled: so far it may rise, and no further.
      await setBaseFee(client, (gas.maxFeePerGasWei - parseGwei('1')) / 2n)
      const settled = await client.waitForSettlement({
        hash: await sent(() => client.stopLease({ leaseId })),
      })

      const rentWei = getGasCharge({ contracts, receipt: rented.receipt }) ?? 0n
      const stopWei = getGasCharge({ contracts, receipt: settled.receipt }) ?? 0n
      expect(rentWei).toBeGreaterThan(0n)
      expect(rentWei).toBeLessThanOrEqual(gas.maximumWei)
      expect(stopWei).toBeLessThanOrEqual(exit.maximumWei)
      // What is asked for is near what is used: limits with a tenth to spare, and no fee of another sort of account.
      const quotedGas = (gas.maximumWei * 10n) / 11n / gas.maxFeePerGasWei
      expect(quotedGas).toBeLessThan((rented.receipt.actualGasUsed * 3n) / 2n)
      expect(measuredGas[kind][seconds === 600 ? 'first' : 'later']).toBeGreaterThan(
        rented.receipt.actualGasUsed,
      )
      expect(measuredGas[kind].exit).toBeGreaterThan(settled.receipt.actualGasUsed)
      expect(await client.getTokenBalance({ holder: account.address })).toBe(
        quote.totalWei - quote.escrowWei - rentWei - stopWei + settled.refundWei,
      )
    }
  }, 300_000)
})
