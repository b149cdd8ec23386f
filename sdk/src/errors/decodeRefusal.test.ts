import { parseEther } from 'viem'
import { describe, expect, it } from 'vitest'
import { rejectionCode } from '../protocol/rejectionCode.ts'
import { throwComputeError } from './computeError.ts'
import { decodeRefusal } from './decodeRefusal.ts'

/** As viem wraps what an http transport was answered. */
const wrapped = (error: { code: number; message: string; data?: unknown }) =>
  Object.assign(new Error('An internal error was received.'), {
    code: error.code,
    cause: Object.assign(new Error('RPC Request failed.'), {
      code: error.code,
      details: error.message,
      cause: error,
    }),
  })

const tankDenial = (tankWei: bigint, requiredWei: bigint) => ({
  code: rejectionCode.paymaster,
  message: 'The gas tank …: fill it',
  data: { reason: 'tankTooLow', tankWei: String(tankWei), requiredWei: String(requiredWei) },
})

describe('a refusal by JSON-RPC', () => {
  it("comes in the paymaster's own sentence, its remedy apart", () => {
    const message = 'The operator has paused this paymaster since 2026-01-01: try again later'
    const data = { reason: 'paused', hint: 'try again later' }
    expect(decodeRefusal(wrapped({ code: -32501, message, data }))).toEqual({
      source: 'paymaster',
      errorName: 'paused',
      problem: 'The operator has paused this paymaster since 2026-01-01.',
      remedy: 'Try again later.',
    })
  })

  it("comes in the bundler's sentence, under the rule that it names", () => {
    const data = { rule: 'OP-011', entity: 'account', hint: 'do without TIMESTAMP' }
    const message = 'account uses banned opcode: TIMESTAMP'
    expect(decodeRefusal(wrapped({ code: -32502, message, data }))).toEqual({
      source: 'bundler',
      errorName: 'OP-011',
      problem: 'Account uses banned opcode: TIMESTAMP.',
      remedy: 'Do without TIMESTAMP.',
    })
  })

  it("tells the paymaster's contract, of which the bundler speaks, from the paymaster's service", () => {
    const data = { reason: 'AA33 reverted', paymaster: '0x01', hint: 'ask it for new paymasterData' }
    expect(decodeRefusal(wrapped({ code: -32501, message: 'AA33 reverted', data }))).toMatchObject({
      source: 'bundler',
      errorName: 'AA33',
    })
  })

  it('has a remedy where the server gave none', () => {
    const unserved = { code: -32601, message: 'the method eth_sendUserOperation does not exist' }
    expect(decodeRefusal(wrapped(unserved))).toMatchObject({
      source: 'node',
      problem: 'The method eth_sendUserOperation does not exist.',
      remedy: expect.stringContaining('a bundler for user operations'),
    })
  })

  it('is bounded, and one line, whatever a server writes', () => {
    const said = decodeRefusal({ code: -32000, message: `bad\n\n${'x'.repeat(5_000)}` })
    expect(said?.problem.length).toBeLessThan(1_002)
    expect(said?.problem).not.toContain('\n')
    expect(decodeRefusal({ code: -32000, message: 7, data: null })?.problem).toBeUndefined()
  })

  it("is none where the code is a wallet's, a program's, or missing", () => {
    for (const code of [4001, 'ECONNREFUSED', undefined, Number.NaN]) {
      expect(decodeRefusal({ code, message: 'no' })).toBeUndefined()
    }
  })
})

describe("the paymaster's refusal of an account's funds", () => {
  it('becomes a sentence with both amounts and a remedy, however deep viem has wrapped it', async () => {
    const failure = wrapped(tankDenial(parseEther('1'), parseEther('2')))
    expect(decodeRefusal(failure)).toMatchObject({
      errorName: 'InsufficientTank',
      problem: expect.stringMatching(/holds 1 .* may cost 2 /),
      remedy: expect.stringContaining('fillTank'),
    })
    await expect(throwComputeError(failure)).rejects.toThrow("gasFrom: 'wallet'")
  })

  it('says of an empty tank that it pays for nothing, when no gas is known yet', () => {
    expect(decodeRefusal(wrapped(tankDenial(0n, 0n)))?.problem).toMatch(/holds 0 .*pays for nothing/)
  })

  it('names the balance, the most that the gas can cost, and what is owed', () => {
    const amounts = { balanceWei: '0', requiredWei: '3', debtWei: '1' }
    const data = { reason: 'tokenBalanceTooLow', paymaster: '0x01', ...amounts }
    const denial = { code: rejectionCode.paymaster, message: '0x… has 0 wei: send it tokens', data }
    expect(decodeRefusal(wrapped(denial))).toMatchObject({
      source: 'paymaster',
      errorName: 'InsufficientTokenBalance',
      problem: expect.stringMatching(/has 0 WLC.*up to 0\.000000000000000003 WLC, 0\.000000000000000001 WLC/),
    })
  })

  it('keeps the words of the service where the amounts are none', () => {
    const data = { reason: 'tankTooLow', tankWei: 'all' }
    expect(decodeRefusal({ code: -32501, message: 'too low', data })?.problem).toBe('Too low.')
  })
})
