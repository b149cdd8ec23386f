// A lease whose end was paid for at its beginning: the gas lies in the tank when the wallet is empty.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { getGasCharge } from '@worldland-aa/sdk/actions/operation/getGasCharge'
import { getGasQuote } from '@worldland-aa/sdk/actions/operation/getGasQuote'
import { parseEther } from 'viem'
import { expect } from 'vitest'
import { landed } from '../../support/marketCast.ts'
import type { Scene } from './scene.ts'

export async function playTank({ stage, cast, people }: Scene): Promise<void> {
  const { contracts } = stage.devnet
  const { colleague, provider, offers } = cast
  const { tenant } = people
  const { client, address: holder } = tenant
  const tank = async () => (await client.getTank({ holder })).balanceWei
  const wallet = () => client.getTokenBalance({ holder })
  const allowanceOf = (owner: typeof holder) =>
    stage.client.readContract({
      address: contracts.token,
      abi: computeTokenAbi,
      functionName: 'allowance',
      args: [owner, contracts.paymaster],
    })
  const rental = { offerId: offers.instance, seconds: 600, exitReserveWei: 'quoted' } as const

  const quote = await client.quoteRental(rental)
  const offer = await client.getOffer({ offerId: rental.offerId })
  expect(quote.escrowWei).toBe(offer.pricePerSecondWei * BigInt(rental.seconds))
  // Enough for an operation of a million gas, whatever the price does meanwhile.
  const { tokenWei } = await getGasQuote(client, { contracts, gas: 1_000_000n })
  expect(quote.exitReserveWei).toBeGreaterThan(tokenWei)
  expect(await client.quoteExitReserve()).toBeGreaterThan(tokenWei)
  expect(quote.totalWei).toBe(quote.escrowWei + quote.exitReserveWei + (quote.gas?.maximumWei ?? 0n))
  // The first operation: it deploys the account, and its gas is pulled by the same allowance after it.
  const { leaseId } = await client.waitForRental({ hash: await client.rentInstance(rental) })
  const reserveWei = await tank()
  expect(reserveWei).toBeGreaterThan(0n)
  expect(await allowanceOf(holder)).toBeGreaterThan(0n)
  await landed(provider, provider.client.acceptLease({ leaseId }))
  await landed(provider, provider.client.readyLease({ leaseId, access: '0x01' }))
  for (const act of ['pauseLease', 'resumeLease'] as const) {
    await landed(provider, provider.client[act]({ leaseId }))
    const { state } = await client.getLease({ leaseId })
    expect(state).toBe(act === 'pauseLease' ? 'paused' : 'ready')
  }
  await landed(tenant, client.extendLease({ leaseId, extraSeconds: 60 }))
  expect(await tank()).toBe(reserveWei)

  const everythingWei = await wallet()
  const emptied = await client.waitForUserOperation({
    hash: await client.transferToken({ to: colleague.address, amountWei: everythingWei, gasFrom: 'tank' }),
  })
  expect(await wallet()).toBe(0n)
  const paidWei = getGasCharge({ contracts, receipt: emptied }) ?? 0n
  expect(await client.getTank({ holder })).toMatchObject({
    balanceWei: reserveWei - paidWei,
    spentWei: paidWei,
  })
  await expect(client.stopLease({ leaseId })).rejects.toThrow('has 0 WLC in the compute token')

  const settled = await client.waitForSettlement({
    hash: await client.stopLease({ leaseId, gasFrom: 'tank' }),
  })
  const stopWei = getGasCharge({ contracts, receipt: settled.receipt }) ?? 0n
  expect(stopWei).toBeGreaterThan(0n)
  expect(await tank()).toBe(reserveWei - paidWei - stopWei)
  expect(await wallet()).toBe(settled.refundWei)

  // Anybody may fill it; what the payer's paymaster may pull for gas is as it was.
  const allowedWei = await allowanceOf(colleague.address)
  const fillWei = parseEther('0.01')
  await landed(colleague, colleague.client.fillTank({ holder, amountWei: fillWei }))
  expect(await allowanceOf(colleague.address)).toBe(allowedWei)
  const restWei = reserveWei - paidWei - stopWei + fillWei
  expect(await tank()).toBe(restWei)

  await expect(client.withdrawTank({ amountWei: restWei + 1n })).rejects.toThrow(/gas tank of .* holds/)
  const emptiedTank = await client.waitForUserOperation({
    hash: await client.withdrawTank({ amountWei: restWei }),
  })
  const withdrawalWei = getGasCharge({ contracts, receipt: emptiedTank }) ?? 0n
  expect(await tank()).toBe(0n)
  expect(await wallet()).toBe(settled.refundWei + restWei - withdrawalWei)
  const again = client.transferToken({ to: colleague.address, amountWei: 1n, gasFrom: 'tank' })
  await expect(again).rejects.toMatchObject({ name: 'ComputeError', errorName: 'InsufficientTank' })
}
