// Every refusal anywhere is a sentence with a remedy: of plain user operations, through the client of the SDK, by
// everybody who can refuse.
import * as computeToken from '@worldland-aa/sdk/abi/computeToken'
import { toCall } from '@worldland-aa/sdk/account/call'
import { toComputeAccount } from '@worldland-aa/sdk/account/toComputeAccount'
import {
  type CreateComputeClientParameters,
  createComputeClient,
} from '@worldland-aa/sdk/clients/createComputeClient'
import { ComputeError } from '@worldland-aa/sdk/errors/computeError'
import { http, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { devnetStage } from '../support/devnet.ts'
import { giveCoins, giveTokens } from '../support/money.ts'

const stage = devnetStage({ serving: false })

async function newClient(settings: Partial<CreateComputeClientParameters> = {}) {
  const { contracts, bundlerUrl } = stage.devnet
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toComputeAccount({ client: stage.client, contracts, owner })
  return createComputeClient({ account, contracts, bundlerUrl, pollingInterval: 100, ...settings })
}

const transfer = (amountWei: bigint) =>
  toCall(stage.devnet.contracts.token, {
    abi: [computeToken.transfer],
    functionName: 'transfer',
    args: [stage.faucet.account.address, amountWei],
  })

async function failureOf(act: Promise<unknown>): Promise<ComputeError> {
  const failure = await act.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof ComputeError)) throw failure ?? new Error('It went through')
  expect(failure.problem).toMatch(/^[A-Z0-9"].*\.$/)
  expect(failure.remedy).toMatch(/^[A-Z].*\.$/)
  return failure
}

describe('a plain sendUserOperation is refused in a sentence', () => {
  it('by the paymaster, whose operator does not sponsor the call', async () => {
    const client = await newClient({ gasFrom: 'sponsor' })
    const failure = await failureOf(client.sendUserOperation({ calls: [transfer(1n)] }))
    expect(failure).toMatchObject({ source: 'paymaster', errorName: expect.stringMatching(/NotAllowed$/) })
    expect(failure.message).not.toContain('RPC Request failed')
  })

  it('by the paymaster, to an account that has nothing to pay with, or no approval given', async () => {
    const client = await newClient()
    const refused = await failureOf(client.sendUserOperation({ calls: [transfer(0n)] }))
    expect(refused).toMatchObject({ source: 'paymaster', errorName: 'tokenNotApproved' })
    const poor = await failureOf(client.transferToken({ to: client.account.address, amountWei: 0n }))
    expect(poor).toMatchObject({ source: 'paymaster', errorName: 'InsufficientTokenBalance' })
    const empty = await failureOf(
      client.transferToken({ to: client.account.address, amountWei: 0n, gasFrom: 'tank' }),
    )
    expect(empty).toMatchObject({ source: 'paymaster', errorName: 'InsufficientTank' })
  })

  it("by the bundler, in the EntryPoint's name", async () => {
    const client = await newClient({ gasFrom: 'coin' })
    const failure = await failureOf(client.sendUserOperation({ calls: [transfer(0n)] }))
    expect(failure).toMatchObject({ source: 'bundler', errorName: 'AA21' })
  })

  it('by a contract, when the calls are simulated', async () => {
    const client = await newClient({ gasFrom: 'coin' })
    await giveCoins(stage, client.account.address, parseEther('1'))
    const failure = await failureOf(client.sendUserOperation({ calls: [transfer(1n)] }))
    expect(failure).toMatchObject({ source: 'contract', errorName: 'ERC20InsufficientBalance' })
    await giveTokens(stage, client.account.address, parseEther('1'))
    const lease = await failureOf(client.stopLease({ leaseId: 10n ** 9n }))
    expect(lease).toMatchObject({ source: 'contract', errorName: 'UnknownLease' })
  })

  it('by nobody, for nobody answers', async () => {
    const client = await newClient({ bundlerUrl: http('http://127.0.0.1:1', { retryCount: 0 }) })
    const failure = await failureOf(client.sendUserOperation({ calls: [transfer(0n)] }))
    expect(failure).toMatchObject({ source: 'network', problem: expect.stringContaining('127.0.0.1:1') })
    const reading = await newClient({ rpcUrl: http('http://127.0.0.1:1', { retryCount: 0 }) })
    expect(await failureOf(reading.findOffers())).toMatchObject({ source: 'network' })
  })

  it('by a bundler that serves no such method', async () => {
    const client = await newClient({ bundlerUrl: stage.devnet.rpcUrl })
    const failure = await failureOf(client.sendUserOperation({ calls: [transfer(0n)] }))
    expect(failure.source).toBe('node')
  })
})
