// What an operation spends of the token in all its calls, at which prices and with whom: the calls by their arguments,
// prices and providers by the market's own OfferBook and leases.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { offerBookAbi } from '@worldland-aa/sdk/abi/offerBook'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { type Address, BaseError, ContractFunctionRevertedError, type PublicClient, zeroAddress } from 'viem'
import type { RequestedOperation } from '../../requestedOperation.ts'
import type { ShownToken } from '../../tokenAmount.ts'
import { readOperationCalls } from '../operationCalls.ts'
import { lowerCase } from '../sponsorshipPolicy.ts'
import type { BlockCache } from './blockCache.ts'
import { type SpendContracts, type TokenIntent, tokenIntentOf } from './tokenCalls.ts'

export type CallSpend = {
  readonly callIndex: number
  readonly tokenWei: bigint
  /** The greater of the offer's and what the call agrees to: it may change until the operation lands. */
  readonly pricePerSecondWei?: bigint
  /** Lower-case. */
  readonly provider?: Address
}

export type OperationSpend =
  | {
      readonly ok: true
      readonly tokenWei: bigint
      /** Of which `tokenWei` are the smallest units. */
      readonly token: ShownToken
      readonly calls: readonly CallSpend[]
    }
  | { readonly ok: false; readonly problem: string; readonly remedy: string }

export type SpendReader = {
  readonly client: PublicClient
  readonly cached: BlockCache
  readonly contracts: SpendContracts
  readonly token: ShownToken
}

export async function readOperationSpend(
  reader: SpendReader,
  operation: RequestedOperation,
): Promise<OperationSpend> {
  const decoded = readOperationCalls(operation)
  if (!decoded.ok) return decoded
  const spends: CallSpend[] = []
  for (const [callIndex, call] of decoded.calls.entries()) {
    const intent = tokenIntentOf(call, reader.contracts)
    if (intent === undefined) continue
    if (intent.kind === 'unreadable')
      return { ok: false, problem: `of call ${callIndex} ${intent.problem}`, remedy: intent.remedy }
    const spend = await spendOf(reader, intent, callIndex)
    if ('problem' in spend) return { ok: false, ...spend }
    spends.push(spend)
  }
  const tokenWei = spends.reduce((sum, spend) => sum + spend.tokenWei, 0n)
  return { ok: true, tokenWei, token: reader.token, calls: spends }
}

type Unknown = { readonly problem: string; readonly remedy: string }

async function spendOf(
  { client, cached }: SpendReader,
  intent: Exclude<TokenIntent, { kind: 'unreadable' }>,
  callIndex: number,
): Promise<CallSpend | Unknown> {
  if (intent.kind === 'fixed') return { callIndex, tokenWei: intent.tokenWei }
  const { market } = intent
  const lease = { address: market, abi: instanceLeaseAbi } as const
  if (intent.kind === 'ping') {
    const { pingDepositWei } = await cached(`parameters/${market}`, () =>
      client.readContract({ ...lease, functionName: 'parameters' }),
    )
    return { callIndex, tokenWei: pingDepositWei }
  }
  if (intent.kind === 'open') {
    const { offerId, mostPricePerSecondWei, tokenWei } = intent
    const offer = await cached(`offer/${market}/${offerId}`, () =>
      knownOnly(async () => {
        const offerBook = await client.readContract({ ...lease, functionName: 'offerBook' })
        const terms = {
          address: offerBook,
          abi: offerBookAbi,
          functionName: 'offerOf',
          args: [offerId],
        } as const
        return await client.readContract(terms)
      }),
    )
    if (offer === undefined || offer.provider === zeroAddress)
      return unknown(`there is no offer ${offerId}`, callIndex)
    const offeredWei = offer.terms.pricePerSecondWei
    return {
      callIndex,
      tokenWei,
      pricePerSecondWei: larger(offeredWei, mostPricePerSecondWei),
      provider: lowerCase(offer.provider),
    }
  }
  if (intent.kind === 'fund' && intent.of === 'session') {
    const session = await cached(`session/${market}/${intent.id}`, () =>
      knownOnly(() =>
        client.readContract({
          address: market,
          abi: serverlessSessionAbi,
          functionName: 'sessionOf',
          args: [intent.id],
        }),
      ),
    )
    if (session === undefined || session.provider === zeroAddress)
      return unknown(`there is no session ${intent.id}`, callIndex)
    return { callIndex, tokenWei: intent.tokenWei, provider: lowerCase(session.provider) }
  }
  const leaseId = intent.kind === 'extend' ? intent.leaseId : intent.id
  const known = await cached(`lease/${market}/${leaseId}`, () =>
    knownOnly(() => client.readContract({ ...lease, functionName: 'leaseOf', args: [leaseId] })),
  )
  if (known === undefined || known.provider === zeroAddress)
    return unknown(`there is no lease ${leaseId}`, callIndex)
  const provider = lowerCase(known.provider)
  if (intent.kind === 'fund') return { callIndex, tokenWei: intent.tokenWei, provider }
  const pricePerSecondWei = known.pricePerSecondWei
  const tokenWei = pricePerSecondWei * BigInt(known.units) * intent.seconds
  return { callIndex, tokenWei, pricePerSecondWei, provider }
}

function larger(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}

function unknown(problem: string, callIndex: number): Unknown {
  return { problem: `${problem}, which call ${callIndex} names`, remedy: 'name one that there is' }
}

/** Undefined where the contract says that there is none; a node that fails is an outage. */
async function knownOnly<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read()
  } catch (error) {
    const reverted =
      error instanceof BaseError && error.walk(cause => cause instanceof ContractFunctionRevertedError)
    if (reverted) return undefined
    throw error
  }
}
