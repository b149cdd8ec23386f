// Holds the gas that is promised for the contract's own work against the contract.
import { type Hex, parseEther, size } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { landOperation } from '../testing/landOperation.ts'
import {
  approveCall,
  fees,
  fillTank,
  gas,
  modeOf,
  newAccount,
  transferCall,
  viemClient,
  welcomePolicy,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from '../testing/startPaymaster.ts'
import { paymasterGasOf } from './paymasterGas.ts'

describe('gas for the paymaster, on chain', () => {
  let chain: Chain
  let service: PaymasterUnderTest
  beforeEach(async () => {
    chain = await startChain()
    service = await startPaymaster(chain, { policies: { policies: [welcomePolicy(chain)] } })
  })
  afterEach(async () => {
    await service?.stop()
    await chain?.stop()
  })

  it.each([0, 2_000, 7_000])('suffices in every mode for an operation with %i more bytes', async bytes => {
    const account = await newAccount(chain)
    const client = viemClient(chain, service.url, account, 'client')
    const dataSuffix: Hex = `0x${'5a'.repeat(bytes)}`
    const common = { ...gas, ...fees, ...(bytes > 0 ? { dataSuffix } : {}) }
    const paymasterContext = { token: chain.token }
    const sponsored = await client.prepareUserOperation({ calls: [transferCall(chain)], ...common })
    await landOperation(chain, account, sponsored)
    const first = { calls: [approveCall(chain)], ...common, paymasterContext }
    const deferred = await client.prepareUserOperation(first)
    await landOperation(chain, account, deferred)
    const next = { calls: [transferCall(chain)], ...common, paymasterContext }
    const prepaid = await client.prepareUserOperation(next)
    await landOperation(chain, account, prepaid)
    await fillTank(chain, account.address, parseEther('0.1'))
    const tank = { calls: [transferCall(chain)], ...common, paymasterContext: { tank: true } }
    const fromTank = await client.prepareUserOperation(tank)
    await landOperation(chain, account, fromTank)
    expect([sponsored, deferred, prepaid, fromTank].map(modeOf)).toEqual([
      'sponsor',
      'tokenDeferred',
      'token',
      'tank',
    ])
    expect(size(prepaid.callData)).toBeGreaterThan(bytes)
  })

  it('suffices for the first token a paymaster ever holds, prepaid out of a finite allowance', async () => {
    const account = await newAccount(chain)
    const client = viemClient(chain, service.url, account, 'client')
    const approval = { calls: [approveCall(chain, parseEther('1'))], ...gas, ...fees }
    await landOperation(chain, account, await client.prepareUserOperation(approval))
    const calls = [transferCall(chain)]
    const paid = { calls, ...gas, ...fees, paymasterContext: { token: chain.token } }
    const prepaid = await client.prepareUserOperation(paid)
    expect(modeOf(prepaid)).toBe('token')
    expect((await landOperation(chain, account, prepaid)).success).toBe(true)
  })
})

describe('gas for the paymaster', () => {
  const bounds = { minimum: 14_000n, maximum: 24_000n }
  const postOpGas = {
    sponsor: { minimum: 0n, maximum: 0n },
    token: bounds,
    tokenDeferred: bounds,
    tank: bounds,
    erc20: bounds,
  }
  const operation = {
    sender: '0x5000000000000000000000000000000000000005',
    nonce: 0n,
    callData: '0x',
    ...gas,
    ...fees,
  } as const
  const gasOf = (change: object) =>
    paymasterGasOf({ mode: 'token', operation: { ...operation, ...change }, postOpGas })

  it('keeps what a caller counts on where it serves', () => {
    const given = { paymasterVerificationGasLimit: 100_000n, paymasterPostOpGasLimit: 20_000n }
    expect(gasOf(given)).toEqual(given)
  })

  it('signs a sponsored operation for exactly what a tip needs of postOp, whatever its caller gives', () => {
    const sponsored = (tipPostOpGas: bigint | undefined, paymasterPostOpGasLimit?: bigint) => {
      const given = paymasterPostOpGasLimit === undefined ? {} : { paymasterPostOpGasLimit }
      return paymasterGasOf({
        mode: 'sponsor',
        operation: { ...operation, ...given },
        postOpGas: { ...postOpGas, sponsor: { minimum: 0n, maximum: 2n ** 120n - 1n } },
        tipPostOpGas,
      })
    }
    for (const given of [undefined, 0n, 1n, 69_999n, 70_000n, 500_000n]) {
      expect(sponsored(70_000n, given).paymasterPostOpGasLimit).toBe(70_000n)
      expect(sponsored(undefined, given).paymasterPostOpGasLimit).toBe(given === 0n ? 0n : 1n)
    }
    expect(sponsored(70_000n).paymasterVerificationGasLimit).toBeGreaterThan(
      sponsored(undefined).paymasterVerificationGasLimit,
    )
  })

  it('keeps any limit from what is needed up to what bundlers take', () => {
    const { paymasterVerificationGasLimit: needed } = gasOf({})
    for (const paymasterVerificationGasLimit of [needed, needed + 1n, 5n * needed, 1_000_000n]) {
      expect(gasOf({ paymasterVerificationGasLimit })).toMatchObject({ paymasterVerificationGasLimit })
    }
    for (const paymasterVerificationGasLimit of [needed - 1n, 1_000_001n]) {
      expect(gasOf({ paymasterVerificationGasLimit })).toMatchObject({
        paymasterVerificationGasLimit: needed,
      })
    }
  })

  it('replaces what is missing, too little, or out of proportion', () => {
    const ours = gasOf({})
    expect(ours.paymasterPostOpGasLimit).toBe(14_000n)
    expect(gasOf({ paymasterVerificationGasLimit: 0n, paymasterPostOpGasLimit: 0n })).toEqual(ours)
    expect(gasOf({ paymasterVerificationGasLimit: 9_000_000n, paymasterPostOpGasLimit: 24_001n })).toEqual(
      ours,
    )
  })
})
