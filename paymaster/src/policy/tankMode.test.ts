// Gas out of a prepaid tank, from the wallet's request to the chain and back into the ledger.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { type Address, parseEther, parseEventLogs } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from '../testing/landOperation.ts'
import {
  fees,
  fillTank,
  gas,
  modeOf,
  newAccount,
  tokensOf,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from '../testing/startPaymaster.ts'

let chain: Chain
let service: PaymasterUnderTest

beforeAll(async () => {
  chain = await startChain()
  service = await startPaymaster(chain, {
    settings: { markupBps: 1000 },
    policies: { policies: [welcomePolicy(chain)] },
  })
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

const paymaster = () => ({ address: chain.paymaster, abi: computePaymasterAbi }) as const
const tankOf = (account: Address) =>
  chain.client.readContract({ ...paymaster(), functionName: 'tankOf', args: [account] })

function prepare(account: SmartAccount, change: object = {}, at = service) {
  return viemClient(chain, at.url, account, 'client').prepareUserOperation({
    calls: [transferCall(chain, 0n)],
    ...gas,
    ...fees,
    paymasterContext: { tank: true },
    ...change,
  })
}

/** As `tankMode` prices it: what one operation may cost, found out by a refusal. */
async function mostItMayCost(account: SmartAccount): Promise<bigint> {
  const error = await prepare(account).catch((caught: Error) => caught)
  const [, requiredWei] = /may cost (\d+)/.exec(String((error as Error).message)) ?? []
  return BigInt(requiredWei ?? 0)
}

describe('paying out of the gas tank', () => {
  it('lands for an account with an empty wallet and no allowance, also its first operation', async () => {
    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, parseEther('0.1'))
    for (const round of ['deploying', 'deployed']) {
      const before = await tankOf(account.address)
      const prepared = await prepare(account)
      expect(modeOf(prepared), round).toBe('tank')
      const { receipt, success, costWei } = await landOperation(chain, account, prepared)
      expect(success, round).toBe(true)
      const [charged] = parseEventLogs({
        abi: computePaymasterAbi,
        logs: receipt.logs,
        eventName: 'TankCharged',
      })
      const paidWei = before - (await tankOf(account.address))
      expect(charged?.args.chargeWei).toBe(paidWei)
      expect(paidWei).toBeGreaterThanOrEqual((costWei * 11n) / 10n)
      expect(paidWei).toBeLessThan((costWei * 12n) / 10n)
    }
    expect(await tokensOf(chain, account.address)).toBe(0n)
  })

  it('is taken with the token named, too', async () => {
    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, parseEther('0.1'))
    const prepared = await prepare(account, { paymasterContext: { token: chain.token, tank: true } })
    expect(modeOf(prepared)).toBe('tank')
  })

  it('is refused to an empty tank, with the calls that fill it', async () => {
    const account = await newAccount(chain)
    await expect(prepare(account)).rejects.toThrow(
      new RegExp(`The gas tank of ${account.address} holds 0 wei .*fillTank\\(${account.address}, `),
    )
  })

  it('is refused with a sponsorship policy named beside it', async () => {
    const account = await newAccount(chain)
    const paymasterContext = { tank: true, sponsorshipPolicyId: 'welcome' }
    await expect(prepare(account, { paymasterContext })).rejects.toThrow(/asks for the tank and names a/)
  })

  it('signs no more than the tank holds, however many operations have not landed yet', async () => {
    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, 1n)
    const oneWei = await mostItMayCost(account)
    await fillTank(chain, account.address, (oneWei * 3n) / 2n)
    const first = await prepare(account, { nonce: 0n })
    const otherLane = { nonce: 1n << 64n }
    await expect(prepare(account, otherLane)).rejects.toThrow(/Of the sender's gas tank .*fillTank/)
    // For the same nonce only one can land: signing anew holds nothing more.
    expect(modeOf(await prepare(account, { nonce: 0n }))).toBe('tank')

    await fillTank(chain, account.address, oneWei / 2n + 1n)
    expect(modeOf(await prepare(account, otherLane))).toBe('tank')
    await expect(prepare(account, { nonce: 2n << 64n })).rejects.toThrow(/Of the sender's gas tank/)
    expect((await landOperation(chain, account, first)).success).toBe(true)
  })

  it('counts a landed operation no more once settlement has seen it, long before it is final', async () => {
    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, 1n)
    const oneWei = await mostItMayCost(account)
    await fillTank(chain, account.address, oneWei * 2n - 1n)
    await landOperation(chain, account, await prepare(account))
    let next: object = {}
    await expect
      .poll(async () => {
        next = await prepare(account)
        return modeOf(next)
      })
      .toBe('tank')
    expect((await landOperation(chain, account, next)).success).toBe(true)
  })

  it('counts what was filled in the newest block, and is not put off by blocks that keep coming', async () => {
    const slow = await startPaymaster(chain, { settings: { pollMilliseconds: 60_000 } })
    let mining = true
    const blocks = (async () => {
      while (mining) await chain.anvil.client.mine({ blocks: 1 })
    })()
    try {
      const account = await newAccount(chain, 0n)
      for (const round of ['filled once', 'filled again']) {
        await fillTank(chain, account.address, parseEther('0.1'))
        expect(modeOf(await prepare(account, { nonce: 0n }, slow)), round).toBe('tank')
      }
    } finally {
      mining = false
      await blocks
      await slow.stop()
    }
  })
})
