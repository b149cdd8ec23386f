// The story that the suite is for: somebody with a new key and no coin rents a GPU by signing once, stops
// when done, and gets back what was not used, to the wei.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import { getGasCharge } from '@worldland-aa/sdk/actions/operation/getGasCharge'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { type Hash, type Hex, parseEther, parseEventLogs } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { createDeploymentClient } from '../deploy/deploymentClient.ts'
import type { DevnetFile } from '../devnet/startDevnet.ts'
import { assertBooks, type Balances, type Payments, readBalances } from './books.ts'
import { coins, duration } from './figures.ts'
import { createRenter, type Renter } from './renter.ts'
import type { Stage } from './stage.ts'
import { createSteps, type Step } from './steps.ts'
import { untilLease } from './untilLease.ts'

export type Story = {
  readonly leaseId: bigint
  /** Of the rental. */
  readonly userOperationHash: Hex
  readonly transactionHash: Hash
  readonly payments: Payments
  readonly after: Balances
  readonly steps: readonly Step[]
}

const givenWei = parseEther('1')
const paidSeconds = 600
/** Some blocks' worth at the devnet's default pace. */
const runSeconds = 10

export async function playStory(options: {
  readonly network: DevnetFile
  readonly stage: Stage
  readonly signal: AbortSignal
}): Promise<Story> {
  const { network, stage, signal } = options
  const { contracts } = network
  const steps = createSteps(stage, signal)

  const renter = await steps.play('key', 'A new key', async () => {
    const made = await createRenter(network, generatePrivateKey())
    return {
      value: made,
      told: `A new key; its account will be ${made.account.address}, which holds nothing`,
    }
  })
  await steps.play('tokens', 'Tokens from the faucet', async () => {
    await giveTokens(network, renter)
    return { value: undefined, told: `The faucet gave it ${coins(givenWei)} in the compute token` }
  })
  const offer = await steps.play('offers', 'Offers', async () => {
    const offers = await renter.client.findOffers({ gpuModel: '4090' })
    const cheapest = offers[0]
    if (cheapest === undefined) throw new Error('The market offers no RTX 4090')
    const hourlyWei = cheapest.pricePerSecondWei * 3600n
    return {
      value: cheapest,
      told: `${offers.length} offers of an RTX 4090; the cheapest is ${cheapest.region}'s at ${coins(hourlyWei)} an hour`,
    }
  })
  await steps.play('quote', 'Quote', async () => {
    const { escrowWei, gas, totalWei } = await renter.client.quoteRental({
      offerId: offer.offerId,
      seconds: paidSeconds,
    })
    const time = duration(paidSeconds * 1_000)
    const most = gas === undefined ? '' : `, gas about ${coins(gas.expectedWei)}`
    return {
      value: undefined,
      told: `${time} of it: ${coins(escrowWei)}${most}; at most ${coins(totalWei)} in all`,
    }
  })
  const payout = await renter.publicClient.readContract({
    address: contracts.providerRegistry,
    abi: providerRegistryAbi,
    functionName: 'payoutOf',
    args: [offer.provider],
  })
  const before = await readBalances(renter, { contracts, payout })

  const accessKey = createSealingKey()
  const userOperationHash = await steps.play('sign', 'One signature', async () => {
    const sealedRequest = await renter.client.sealRentalRequest({
      offerId: offer.offerId,
      accessPublicKey: accessKey.publicKey,
      request: { image: 'pytorch/pytorch:latest', ports: [8888], env: { JUPYTER_TOKEN: 'nobody-else-s' } },
    })
    const hash = await renter.client.rentInstance({
      offerId: offer.offerId,
      seconds: paidSeconds,
      sealedRequest,
    })
    // Where bundlers take turns and have staked, whoever leads says by when.
    const promise = await renter.client.waitForPromise({ hash, waitMilliseconds: 0 })
    const word = promise ? `; bundler ${promise.bundlerId} promises block ${promise.latestBlock}` : ''
    return {
      value: hash,
      told: `Signed once: deploy the account, approve, open the lease; what is to run is sealed to the provider${word}`,
      userOperationHash: hash,
    }
  })
  const rental = await steps.play('rent', 'On chain', async () => {
    const landed = await renter.client.waitForRental({ hash: userOperationHash })
    const gasWei = chargeOf(network, landed.receipt)
    return {
      value: { ...landed, gasWei },
      told: `Lease ${landed.leaseId} is open: ${coins(landed.escrowWei)} in escrow, gas ${coins(gasWei)} paid in the token`,
      gasWei,
      transactionHash: landed.transactionHash,
    }
  })
  const { leaseId } = rental
  await steps.play('accept', 'The provider accepts', async () => {
    const { lease } = await untilLease(renter, {
      leaseId,
      signal,
      isReached: step => step.lease.state !== 'locked',
    })
    return { value: undefined, told: `The provider accepted and locked a bond of ${coins(lease.bondWei)}` }
  })
  await steps.play('ready', 'The machine boots', async () => {
    await untilLease(renter, { leaseId, signal, isReached: step => step.lease.state === 'ready' })
    const opened = await renter.client.openLeaseAccess({ leaseId, accessKey })
    if (!opened.ok) throw new Error(opened.problem)
    const { ssh, note } = opened.access
    return {
      value: undefined,
      told: `The machine is ready and the meter runs; the renter's key alone opens the way to it: ssh -p ${ssh?.port} ${ssh?.user}@${ssh?.host} (${note})`,
    }
  })
  await steps.play('run', 'Time runs', async update => {
    const { lease } = await untilLease(renter, {
      leaseId,
      signal,
      onStep: step => update(`${step.lease.usedSeconds} s used, ${coins(step.lease.costWei)}`),
      isReached: step => step.lease.usedSeconds >= runSeconds,
    })
    return { value: undefined, told: `${lease.usedSeconds} s used so far: ${coins(lease.costWei)}` }
  })
  const settled = await steps.play('stop', 'Stop and settle', async () => {
    const hash = await renter.client.stopLease({ leaseId })
    const settlement = await renter.client.waitForSettlement({ hash })
    const { usedSeconds } = await renter.client.getLease({ leaseId })
    const gasWei = chargeOf(network, settlement.receipt)
    const { providerWei, refundWei, transactionHash } = settlement
    return {
      value: { ...settlement, gasWei },
      told: `Stopped after ${usedSeconds} s: ${coins(providerWei)} to the provider, ${coins(refundWei)} back`,
      costWei: providerWei,
      gasWei,
      userOperationHash: hash,
      transactionHash,
    }
  })
  const payments: Payments = {
    givenWei,
    escrowWei: rental.escrowWei,
    providerWei: settled.providerWei,
    refundWei: settled.refundWei,
    gasWei: rental.gasWei + settled.gasWei,
  }
  const after = await steps.play('books', 'The books', async () => {
    const balances = await readBalances(renter, { contracts, payout })
    assertBooks(before, balances, payments)
    return { value: balances, told: 'The books add up to the wei' }
  })
  const { transactionHash } = rental
  return { leaseId, userOperationHash, transactionHash, payments, after, steps: steps.all }
}

async function giveTokens(network: DevnetFile, renter: Renter): Promise<void> {
  const { rpcUrl, faucetKey, contracts } = network
  const faucet = await createDeploymentClient({ rpcUrl, privateKey: faucetKey, pollMilliseconds: 200 })
  const hash = await faucet.writeContract({
    address: contracts.token,
    abi: computeTokenAbi,
    functionName: 'depositTo',
    args: [renter.account.address],
    value: givenWei,
  })
  const receipt = await waitForTransaction(faucet, { hash })
  const [deposit] = parseEventLogs({ abi: computeTokenAbi, eventName: 'Deposit', logs: receipt.logs })
  if (deposit?.args.amountWei !== givenWei)
    throw new Error('The faucet gave something else than was asked for')
}

function chargeOf(network: DevnetFile, receipt: Parameters<typeof getGasCharge>[0]['receipt']): bigint {
  const chargeWei = getGasCharge({ contracts: network.contracts, receipt })
  if (chargeWei === undefined) throw new Error('The gas was not paid in the token')
  return chargeWei
}
