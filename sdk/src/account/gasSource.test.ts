import { custom } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import type { ComputeContracts } from '../chains/computeContracts.ts'
import { worldland } from '../chains/worldland.ts'
import type { SmartAccountClient } from '../clients/chainClientOf.ts'
import { paysFromWallet } from './gasAllowance.ts'
import { gasOverrides, paymasterContextOf } from './gasSource.ts'

const token = `0x${'Ab'.repeat(20)}` as const
const contracts = { token } as ComputeContracts
const clientWith = (settings: object) =>
  createBundlerClient({
    chain: worldland,
    transport: custom({ request: () => Promise.reject(new Error('nothing is to be asked')) }),
    ...settings,
  }) as SmartAccountClient
const sponsored = { sponsorshipPolicyId: 'welcome' }

describe('the source of gas', () => {
  it('is what the action names, before its own context and the client’s', () => {
    const client = clientWith({ paymaster: true, paymasterContext: sponsored })
    const parameters = { contracts, paymasterContext: { token } }
    expect(paymasterContextOf(client, { contracts })).toEqual(sponsored)
    expect(paymasterContextOf(client, parameters)).toEqual({ token })
    expect(paymasterContextOf(client, { ...parameters, gasFrom: 'tank' })).toEqual({ tank: true })
    expect(paymasterContextOf(client, { contracts, gasFrom: 'wallet' })).toEqual({ token })
  })

  it('changes nothing where none is named', () => {
    expect(gasOverrides(clientWith({}), { contracts })).toEqual({})
  })

  it("asks the client's paymaster, and the bundler's URL where there is none", () => {
    const paymaster = { getPaymasterData: async () => ({ paymaster: token, paymasterData: '0x' }) }
    const overrides = (settings: object) => gasOverrides(clientWith(settings), { contracts, gasFrom: 'tank' })
    expect(overrides({ paymaster })).toEqual({ paymaster, paymasterContext: { tank: true } })
    expect(overrides({})).toEqual({ paymaster: true, paymasterContext: { tank: true } })
  })

  it('needs an allowance only where the paymaster pulls from the wallet', () => {
    expect(paysFromWallet({ token: token.toLowerCase() }, token)).toBe(true)
    expect(paysFromWallet({ token, tank: true }, token)).toBe(false)
    expect(paysFromWallet({ tank: true }, token)).toBe(false)
    expect(paysFromWallet(undefined, token)).toBe(false)
  })
})
