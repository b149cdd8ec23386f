// One call on its way as a transaction: signed for one nonce, perhaps several times for rising fees. Whatever happens to
// it in mempools, it stays the only thing that can use its nonce.
import type { Call } from '@worldland-aa/sdk/account/call'
import { type Hash, type Hex, keccak256, type PrivateKeyAccount, type PublicClient } from 'viem'

export type Attempt = {
  readonly call: Call
  readonly nonce: number
  readonly gas: bigint
  /** Each stands for the call at the same nonce, or for nothing in its place; the last pays the most. */
  readonly signed: readonly { readonly hash: Hash; readonly raw: Hex; readonly isEmpty: boolean }[]
  readonly fees: Fees
  readonly signedAtBlock: bigint
}

export type Fees = { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint }

export type Fate =
  | { readonly kind: 'mined'; readonly blockNumber: bigint; readonly succeeded: boolean }
  | { readonly kind: 'open' }
  /** Another transaction of the same key has used its nonce, or the empty one that was to. */
  | { readonly kind: 'supplanted' }

export type AttemptTools = {
  readonly client: PublicClient
  readonly account: PrivateKeyAccount
  readonly chainId: number
}

/** Blocks without inclusion after which more is offered. */
const patienceBlocks = 6n
/** Mempools take a replacement that offers a tenth more. */
const raisedPercent = 115n
/** What a transfer of nothing takes. */
const emptyGas = 21_000n
/** Of the fees that the node thinks right; each beyond the first only where less was refused. */
const mostDoublings = 8

export async function signAttempt(
  { account, chainId }: AttemptTools,
  parts: Omit<Attempt, 'signed'> & { readonly signed?: Attempt['signed'] },
  { isEmpty = false } = {},
): Promise<Attempt> {
  const { nonce, gas, fees } = parts
  const call = isEmpty ? { to: account.address, data: '0x' as const, value: 0n } : parts.call
  const raw = await account.signTransaction({ type: 'eip1559', chainId, nonce, gas, ...call, ...fees })
  return { ...parts, signed: [...(parts.signed ?? []), { hash: keccak256(raw), raw, isEmpty }] }
}

export async function fateOf({ client, account }: AttemptTools, attempt: Attempt): Promise<Fate> {
  const receipt = await receiptOf(client, attempt)
  if (receipt !== undefined) return receipt
  const next = await client.getTransactionCount({ address: account.address, blockTag: 'latest' })
  if (next <= attempt.nonce) return { kind: 'open' }
  // It may have been mined between the two questions.
  return (await receiptOf(client, attempt)) ?? { kind: 'supplanted' }
}

async function receiptOf(client: PublicClient, { signed }: Attempt): Promise<Fate | undefined> {
  for (const { hash, isEmpty } of signed.toReversed()) {
    const receipt = await client.request({ method: 'eth_getTransactionReceipt', params: [hash] })
    if (receipt?.blockNumber == null) continue
    if (isEmpty) return { kind: 'supplanted' }
    return { kind: 'mined', blockNumber: BigInt(receipt.blockNumber), succeeded: receipt.status === '0x1' }
  }
  return undefined
}

/** Hands it to the node again where the node has lost it, and offers more where it waits for long. */
export async function pressOn(tools: AttemptTools, attempt: Attempt, atBlock: bigint): Promise<Attempt> {
  const { client } = tools
  const last = attempt.signed.at(-1)
  if (atBlock - attempt.signedAtBlock >= patienceBlocks) {
    return await signAnew(tools, attempt, { atBlock, isEmpty: last?.isEmpty ?? false })
  }
  const known = await client.request({ method: 'eth_getTransactionByHash', params: [last?.hash as Hash] })
  if (known === null) await broadcast(client, attempt)
  return attempt
}

/** Puts an empty transaction in its place: nobody wants it any more, and the nonces above it wait. */
export async function callOff(tools: AttemptTools, attempt: Attempt, atBlock: bigint): Promise<Attempt> {
  const isCalledOff = attempt.signed.at(-1)?.isEmpty === true
  return isCalledOff
    ? await pressOn(tools, attempt, atBlock)
    : await signAnew(tools, attempt, { atBlock, isEmpty: true })
}

/** In the place of one that nobody here knows: what that one offers shows by what the node takes instead. */
export async function offerEmpty(tools: AttemptTools, nonce: number, atBlock: bigint): Promise<Attempt> {
  const { client, account } = tools
  const call = { to: account.address, data: '0x', value: 0n } as const
  let fees: Fees = await client.estimateFeesPerGas()
  for (let doublings = 0; ; doublings++) {
    fees = { maxFeePerGas: fees.maxFeePerGas * 2n, maxPriorityFeePerGas: fees.maxPriorityFeePerGas * 2n }
    const parts = { call, nonce, gas: emptyGas, fees, signedAtBlock: atBlock }
    const attempt = await signAttempt(tools, parts, { isEmpty: true })
    const raw = attempt.signed[0]?.raw as Hex
    const refusal = await client.sendRawTransaction({ serializedTransaction: raw }).then(
      () => undefined,
      error => String(error),
    )
    // Anything else is for the next look: it was mined meanwhile, or the node does not answer.
    if (!refusal?.includes('underpriced') || doublings === mostDoublings) return attempt
  }
}

async function signAnew(
  tools: AttemptTools,
  attempt: Attempt,
  { atBlock, isEmpty }: { readonly atBlock: bigint; readonly isEmpty: boolean },
): Promise<Attempt> {
  const fees = raised(attempt.fees, await tools.client.estimateFeesPerGas())
  const dearer = await signAttempt(tools, { ...attempt, fees, signedAtBlock: atBlock }, { isEmpty })
  await broadcast(tools.client, dearer)
  return dearer
}

/** A node that has it already, or has mined it meanwhile, says so by an error: the next look tells. */
async function broadcast(client: PublicClient, { signed }: Attempt): Promise<void> {
  const raw = signed.at(-1)?.raw as Hex
  await client.sendRawTransaction({ serializedTransaction: raw }).catch(() => undefined)
}

function raised(before: Fees, now: Fees): Fees {
  const most = (old: bigint, present: bigint): bigint => {
    const least = (old * raisedPercent) / 100n + 1n
    return present > least ? present : least
  }
  return {
    maxFeePerGas: most(before.maxFeePerGas, now.maxFeePerGas),
    maxPriorityFeePerGas: most(before.maxPriorityFeePerGas, now.maxPriorityFeePerGas),
  }
}
