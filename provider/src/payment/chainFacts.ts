// What the chain says of sessions and rights at the newest block, asked once per block and subject: requests ask in
// memory. All answers of one block are of that very block, by its hash.
import * as serverlessSession from '@worldland-aa/sdk/abi/serverlessSession'
import * as usageRights from '@worldland-aa/sdk/abi/usageRights'
import { getOffer } from '@worldland-aa/sdk/actions/market/getOffer'
import { toActBits } from '@worldland-aa/sdk/actions/rights/rightActs'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import { type Session, toSession } from '@worldland-aa/sdk/actions/session/session'
import type { SignedVoucher } from '@worldland-aa/sdk/actions/session/voucher'
import type { VoucherFunds } from '@worldland-aa/sdk/actions/session/voucherFunds'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Block } from '@worldland-aa/service/chain/block'
import {
  type Address,
  BaseError,
  bytesToHex,
  ContractFunctionRevertedError,
  type Hex,
  isAddressEqual,
  type PublicClient,
  zeroHash,
} from 'viem'
import { isSignedByContract } from '../chain/isSignedBy.ts'
import { readAtBlock } from '../chain/readAtBlock.ts'
import type { AskedOnce } from './askedOnce.ts'
import type { LaneBook } from './laneBook.ts'
import type { TokenHolder } from './laneTokens.ts'
import type { Payer } from './paymentGate.ts'

export type Redeemed = VoucherFunds['redeemed']
export type Line = VoucherFunds['line']
export type Head = Pick<Block, 'number' | 'hash' | 'timestamp'>

export type ChainFacts = {
  head(): Head
  /** Undefined: there is none. */
  session(sessionId: bigint): Promise<Session | undefined>
  /** The right and all above it; undefined where there is none, or it stems from another session. */
  line(payer: Payer): Promise<Line | undefined>
  /** Whether the account holds the right, in force, with leave to use the endpoint. */
  mayUse(payer: Payer, signer: Address, endpointId: string | undefined): Promise<boolean>
  /** The same, whatever endpoint the right is for. */
  isInForce(payer: Payer, signer: Address): Promise<boolean>
  redeemed(payer: Payer): Promise<Redeemed>
  /** Whether the signer is a contract, whose word is asked of itself (ERC-1271). */
  isContract(holder: TokenHolder): Promise<boolean>
  /** What the chain would pay for the voucher now, in all that `redeemMany` allows it. Asked anew each time. */
  wouldPay(signed: SignedVoucher): Promise<boolean>
  /** Whether the signer, a contract, says that it signed this. Asked anew each time. */
  isSignedByContract(signed: SignedVoucher, digest: Uint8Array): Promise<boolean>
  offerPriceWei(offerId: bigint): Promise<bigint>
}

export function createChainFacts(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly provider: Address
  /** Whose lanes are known. */
  readonly book: Pick<LaneBook, 'get' | 'ofSession'>
  readonly endpointHash: (endpointId: string) => Hex
  /** Of this head and of others. */
  readonly askedOnce: AskedOnce
  readonly head: () => Head
}): ChainFacts {
  const { client, contracts, provider, book, endpointHash, head } = options
  const once = options.askedOnce(() => head().hash)
  const isKnownHolder = ({ payer, signer }: TokenHolder): boolean =>
    book.get(payer.lane)?.signed.signer === signer
  const session = (name: string, sessionId: bigint) => ({
    name: `${name} ${sessionId}`,
    isKnown: () => book.ofSession(sessionId).length > 0,
  })
  const right = (name: string, payer: Payer) => ({
    name: `${name} ${payer.rightId}`,
    isKnown: () => book.get(payer.lane) !== undefined,
  })

  const inSession = { address: contracts.serverlessSession } as const
  const inRights = { address: contracts.usageRights } as const

  return {
    head,
    session: sessionId =>
      once(session('session', sessionId), block =>
        readAtBlock(client, {
          ...{ ...inSession, ...block },
          abi: [serverlessSession.sessionOf, serverlessSession.UnknownSession],
          functionName: 'sessionOf',
          args: [sessionId],
        })
          .then(struct => toSession(struct, { sessionId, blockNumber: head().number }))
          .catch(undefinedFor('UnknownSession')),
      ),
    line: payer =>
      once(right('line', payer), block =>
        readAtBlock(client, {
          ...{ ...inRights, ...block },
          abi: [usageRights.lineOf, usageRights.UnknownRight],
          functionName: 'lineOf',
          args: [payer.rightId],
        })
          .then(([rightIds, restsWei]) =>
            rightIds.map((rightId, index) => ({ rightId, restWei: restsWei[index] ?? 0n })),
          )
          .catch(undefinedFor('UnknownRight')),
      ).then(line => {
        const rootId = rootRightOf({ market: contracts.serverlessSession, agreementId: payer.sessionId })
        return line?.at(-1)?.rightId === rootId ? line : undefined
      }),
    mayUse: (payer, signer, endpointId) =>
      once(
        {
          name: `use ${payer.rightId} ${signer} ${endpointId ?? ''}`,
          isKnown: () => isKnownHolder({ payer, signer }),
        },
        block =>
          readAtBlock(client, {
            ...{ ...inRights, ...block },
            abi: [usageRights.isRightAuthorized],
            functionName: 'isRightAuthorized',
            args: [
              payer.rightId,
              signer,
              toActBits(['use']),
              endpointId === undefined ? zeroHash : endpointHash(endpointId),
            ],
          }),
      ),
    isInForce: async (payer, signer) => {
      const [isInForce, owner, user] = await Promise.all([
        once(right('force', payer), block =>
          readAtBlock(client, {
            ...{ ...inRights, ...block },
            abi: [usageRights.isInForce],
            functionName: 'isInForce',
            args: [payer.rightId],
          }),
        ),
        once(right('owner', payer), block =>
          readAtBlock(client, {
            ...{ ...inRights, ...block },
            abi: [usageRights.ownerOf],
            functionName: 'ownerOf',
            args: [payer.rightId],
          }),
        ),
        once(right('user', payer), block =>
          readAtBlock(client, {
            ...{ ...inRights, ...block },
            abi: [usageRights.userOf],
            functionName: 'userOf',
            args: [payer.rightId],
          }),
        ),
      ])
      return isInForce && [owner, user].some(holder => isAddressEqual(holder, signer))
    },
    redeemed: payer =>
      once({ ...right('redeemed', payer), name: `redeemed ${payer.lane}` }, block =>
        readAtBlock(client, {
          ...{ ...inSession, ...block },
          abi: [serverlessSession.laneOf],
          functionName: 'laneOf',
          args: [payer.sessionId, payer.rightId],
        }),
      ),
    isContract: holder =>
      once({ name: `code ${holder.signer}`, isKnown: () => isKnownHolder(holder) }, async () => {
        const code = await client.getCode({ address: holder.signer })
        return code !== undefined && code !== '0x'
      }),
    async wouldPay(signed) {
      const { result } = await client.simulateContract({
        ...inSession,
        abi: [serverlessSession.redeemMany],
        functionName: 'redeemMany',
        args: [[signed]],
        account: provider,
      })
      return (result[0] ?? 0n) > 0n
    },
    isSignedByContract: ({ signer, signature }, digest) =>
      isSignedByContract(client, { user: signer, hash: bytesToHex(digest), signature }),
    offerPriceWei: offerId =>
      once(
        // The operator's own.
        { name: `offer ${offerId}`, isKnown: () => true },
        async () => (await getOffer(client, { contracts, offerId })).pricePerSecondWei,
      ),
  }
}

function undefinedFor(errorName: string): (error: unknown) => undefined {
  return error => {
    const reverted =
      error instanceof BaseError ? error.walk(one => one instanceof ContractFunctionRevertedError) : undefined
    if (reverted instanceof ContractFunctionRevertedError && reverted.data?.errorName === errorName)
      return undefined
    throw error
  }
}
