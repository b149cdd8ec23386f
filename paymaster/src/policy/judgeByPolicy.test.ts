import { type Address, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import type { RequestedOperation } from '../requestedOperation.ts'
import { judgeByPolicy } from './judgeByPolicy.ts'
import type { Policy } from './sponsorshipPolicy.ts'

const sender: Address = '0x5000000000000000000000000000000000000005'
const market: Address = '0xabcdef0000000000000000000000000000000001'
const token: Address = '0x7000000000000000000000000000000000000007'
const open: Hex = '0x11223344'
const account = parseAbi(['function executeBatch(address[] to, uint256[] value, bytes[] data)'])

const policy: Policy = {
  id: 'demo',
  onChainId: `0x${'00'.repeat(16)}`,
  name: 'Demo',
  isDefault: true,
  validitySeconds: 300,
  functions: new Map([[market, new Set<Hex>([open])]]),
  factories: new Set<Address>(['0xfac0000000000000000000000000000000000000']),
  blockedSenders: new Set(),
  costPerOperationWei: 1000n,
  global: { costWei: 1n, window: 'day' },
}

function batch(...calls: (readonly [Address, Hex])[]): Hex {
  const [to, data] = [calls.map(call => call[0]), calls.map(call => call[1])]
  return encodeFunctionData({ abi: account, functionName: 'executeBatch', args: [to, [], data] })
}

function judge(
  change: Partial<RequestedOperation>,
  question: { policy?: Partial<Policy>; maxCostWei?: bigint } = {},
) {
  const operation: RequestedOperation = {
    sender,
    nonce: 0n,
    callData: batch([market, `${open}${'00'.repeat(32)}`]),
    callGasLimit: 0n,
    verificationGasLimit: 0n,
    preVerificationGas: 0n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    ...change,
  }
  const judged = judgeByPolicy({
    policy: { ...policy, ...question.policy },
    operation,
    nowSeconds: 1000,
    ...(question.maxCostWei === undefined ? {} : { maxCostWei: question.maxCostWei }),
  })
  return judged.ok ? 'sponsored' : (judged.refusal.data as { reason: string }).reason
}

describe('a sponsorship policy', () => {
  it('sponsors listed functions of listed contracts, whatever their arguments', () => {
    expect(judge({})).toBe('sponsored')
    expect(judge({ callData: batch([market, open], [market, `${open}ff`]) })).toBe('sponsored')
  })

  it('refuses the whole batch for one call that is not listed, at any place in it', () => {
    expect(judge({ callData: batch([market, open], [token, open]) })).toBe('callNotAllowed')
    expect(judge({ callData: batch([market, '0x99999999'], [market, open]) })).toBe('callNotAllowed')
    expect(judge({ callData: batch([market, open], [market, '0x']) })).toBe('callNotAllowed')
    expect(judge({ callData: batch([market, '0x112233']) })).toBe('callNotAllowed')
  })

  it('tells which call it is and what to do', () => {
    const operation = { sender, nonce: 0n, callData: batch([market, open], [token, '0xa9059cbb']) }
    const judged = judgeByPolicy({
      policy,
      nowSeconds: 1000,
      operation: {
        ...operation,
        callGasLimit: 0n,
        verificationGasLimit: 0n,
        preVerificationGas: 0n,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
      },
    })
    expect(judged).toMatchObject({
      ok: false,
      refusal: {
        code: -32501,
        message: expect.stringContaining(`call 1 of the operation, 0xa9059cbb on ${token}`),
        data: { reason: 'callNotAllowed', policyId: 'demo', callIndex: 1, contract: token },
      },
    })
  })

  it('refuses callData that it cannot read', () => {
    expect(judge({ callData: '0xdeadbeef' })).toBe('unknownCallEncoding')
    expect(judge({ callData: '0xde' })).toBe('unknownCallEncoding')
  })

  it('lets the account call itself only where "sender" is listed', () => {
    const callData = batch([sender, open])
    expect(judge({ callData })).toBe('callNotAllowed')
    expect(judge({ callData }, { policy: { functions: new Map([['sender', 'any']]) } })).toBe('sponsored')
    expect(judge({ callData }, { policy: { functions: new Map([[sender, 'any']]) } })).toBe('callNotAllowed')
  })

  it('sponsors deployments by listed factories only, and no operation that does nothing', () => {
    const known: Address = '0xFac0000000000000000000000000000000000000'
    expect(judge({ factory: known, factoryData: '0x' })).toBe('sponsored')
    expect(judge({ factory: known, callData: '0x' })).toBe('sponsored')
    expect(judge({ factory: token })).toBe('factoryNotAllowed')
    expect(judge({ factory: token }, { policy: { factories: 'any' } })).toBe('sponsored')
    expect(judge({ callData: '0x' })).toBe('callNotAllowed')
  })

  it('keeps to its senders and its time', () => {
    expect(judge({}, { policy: { blockedSenders: new Set([sender]) } })).toBe('senderNotAllowed')
    expect(judge({}, { policy: { allowedSenders: new Set([market]) } })).toBe('senderNotAllowed')
    expect(judge({}, { policy: { allowedSenders: new Set([sender]) } })).toBe('sponsored')
    expect(judge({}, { policy: { startsAt: 1001 } })).toBe('policyNotInForce')
    expect(judge({}, { policy: { startsAt: 1000, endsAt: 1030 } })).toBe('sponsored')
    // Too soon for any operation to land.
    expect(judge({}, { policy: { endsAt: 1029 } })).toBe('policyNotInForce')
    expect(judge({}, { policy: { endsAt: 1000 } })).toBe('policyNotInForce')
  })

  it('pays up to its limit for one operation and not a wei more', () => {
    expect(judge({}, { maxCostWei: 1000n })).toBe('sponsored')
    expect(judge({}, { maxCostWei: 1001n })).toBe('costTooHigh')
  })
})
