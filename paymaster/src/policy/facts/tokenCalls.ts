// Which of an operation's calls spend the token, read from their arguments alone. What would let somebody else spend it
// later counts as spent; what cannot be read with certainty is told, and the policy refuses.
import { canonicalDecoder } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import type { EncodingBounds } from '@worldland-aa/sdk/protocol/encodingInspector'
import { type AbiFunction, type Address, type Hex, parseAbi, slice, toFunctionSelector } from 'viem'
import type { AccountCall } from '../accountCalls.ts'
import { selectorOf } from '../operationCalls.ts'
import { lowerCase } from '../sponsorshipPolicy.ts'

/** What a call has to do with the token; amounts in wei of it. */
export type TokenIntent =
  | { readonly kind: 'fixed'; readonly tokenWei: bigint }
  /** A machine for a time, or a session up to a budget, of an offer at no more than a price. */
  | {
      readonly kind: 'open'
      readonly market: Address
      readonly offerId: bigint
      readonly mostPricePerSecondWei: bigint
      readonly tokenWei: bigint
    }
  /** More time of a lease, at its own price. */
  | { readonly kind: 'extend'; readonly market: Address; readonly leaseId: bigint; readonly seconds: bigint }
  | { readonly kind: 'ping'; readonly market: Address }
  /** More money for a lease or a session. */
  | {
      readonly kind: 'fund'
      readonly market: Address
      readonly of: 'lease' | 'session'
      readonly id: bigint
      readonly tokenWei: bigint
    }
  | { readonly kind: 'unreadable'; readonly problem: string; readonly remedy: string }

export type SpendContracts = {
  readonly token: Address
  readonly paymaster: Address
  /** Lower-case; what they take by an allowance is counted by the calls to them. */
  readonly markets: ReadonlySet<Address>
}

type Arguments = readonly unknown[]
type Reader = (values: Arguments, call: AccountCall, contracts: SpendContracts) => TokenIntent | undefined

const bounds: EncodingBounds = { maxBytes: 131_072, maxListLength: 256, ending: 'open' }
const nothing = undefined
const fixed = (tokenWei: unknown): TokenIntent => ({ kind: 'fixed', tokenWei: BigInt(tokenWei as bigint) })

/** An allowance is as good as spent, but to those whose takings are counted otherwise. */
const allowance =
  (spenderAt: number, amountAt: number): Reader =>
  (values, _, { paymaster, markets }) => {
    const spender = lowerCase(values[spenderAt] as Address)
    return markets.has(spender) || spender === lowerCase(paymaster) ? nothing : fixed(values[amountAt])
  }

const ofToken = readers({
  'function approve(address spender, uint256 amount)': allowance(0, 1),
  'function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)':
    allowance(1, 2),
  'function permit(address owner, address spender, uint256 value, uint256 deadline, bytes signature)':
    allowance(1, 2),
  'function transfer(address to, uint256 amount)': ([, amount]) => fixed(amount),
  'function transferFrom(address from, address to, uint256 amount)': ([, , amount]) => fixed(amount),
  'function withdraw(uint256 amount)': ([amount]) => fixed(amount),
  'function withdrawTo(address to, uint256 amount)': ([, amount]) => fixed(amount),
  'function deposit()': () => nothing,
  'function depositTo(address account)': () => nothing,
})

const ofMarket = readers({
  'function open(uint256 offerId, uint32 units, uint32 maxSeconds, uint128 maxPricePerSecondWei, bytes32 imageDigest, address broker, uint16 brokerBps, bytes request)':
    ([offerId, units, seconds, price], { to }) => ({
      kind: 'open',
      market: lowerCase(to),
      offerId: BigInt(offerId as bigint),
      mostPricePerSecondWei: BigInt(price as bigint),
      tokenWei: BigInt(price as bigint) * BigInt(units as number) * BigInt(seconds as number),
    }),
  'function open(uint256 offerId, uint96 budgetWei, uint128 maxPricePerSecondWei, address signer, uint48 expires)':
    ([offerId, budgetWei, price], { to }) => ({
      kind: 'open',
      market: lowerCase(to),
      offerId: BigInt(offerId as bigint),
      mostPricePerSecondWei: BigInt(price as bigint),
      tokenWei: BigInt(budgetWei as bigint),
    }),
  'function extend(uint256 leaseId, uint32 extraSeconds)': ([leaseId, seconds], { to }) => ({
    kind: 'extend',
    market: lowerCase(to),
    leaseId: BigInt(leaseId as bigint),
    seconds: BigInt(seconds as number),
  }),
  'function fund(uint256 leaseId, uint128 amountWei)': ([id, amount], { to }) => ({
    kind: 'fund',
    market: lowerCase(to),
    of: 'lease',
    id: BigInt(id as bigint),
    tokenWei: BigInt(amount as bigint),
  }),
  'function topUp(uint256 sessionId, uint96 amountWei)': ([id, amount], { to }) => ({
    kind: 'fund',
    market: lowerCase(to),
    of: 'session',
    id: BigInt(id as bigint),
    tokenWei: BigInt(amount as bigint),
  }),
  'function ping(uint256 leaseId)': (_, { to }) => ({ kind: 'ping', market: lowerCase(to) }),
})

/** Undefined where the call has nothing to do with the token. */
export function tokenIntentOf(call: AccountCall, contracts: SpendContracts): TokenIntent | undefined {
  const target = lowerCase(call.to)
  const isToken = target === lowerCase(contracts.token)
  if (!isToken && !contracts.markets.has(target)) return undefined
  const selector = selectorOf(call.data)
  const reader = (isToken ? ofToken : ofMarket).get(selector)
  // Plain coin to the token is a deposit; what else a market can do takes nothing.
  if (reader === undefined && (!isToken || call.data === '0x')) return undefined
  if (reader !== undefined) return reader(call, contracts)
  return {
    kind: 'unreadable',
    problem: `it is not known what ${selector} on the token spends`,
    remedy: 'use approve, transfer or transferFrom',
  }
}

function readers(
  bySignature: Readonly<Record<string, Reader>>,
): ReadonlyMap<Hex, (call: AccountCall, contracts: SpendContracts) => TokenIntent | undefined> {
  return new Map(
    Object.entries(bySignature).map(([signature, read]) => {
      const [item] = parseAbi([signature]) as unknown as readonly [AbiFunction]
      const decode = canonicalDecoder(item.inputs, bounds)
      return [
        toFunctionSelector(item),
        (call, contracts) => {
          if (item.inputs.length === 0) return read([], call, contracts)
          const decoded = call.data.length <= 10 ? undefined : decode(slice(call.data, 4))
          if (decoded?.ok === true) return read(decoded.values as Arguments, call, contracts)
          return {
            kind: 'unreadable',
            problem: `the arguments of ${item.name} cannot be read. ${decoded?.problem ?? ''}`.trim(),
            remedy: decoded?.remedy ?? 'Give its arguments.',
          }
        },
      ]
    }),
  )
}
