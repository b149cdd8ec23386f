// Challenges of this node's promises, as the court's log has them.

import * as promiseCourt from '@worldland-aa/sdk/abi/promiseCourt'
import type { InclusionPromise } from '@worldland-aa/sdk/protocol/bundling'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import { type Address, type Hash, type Log, type PublicClient, parseEventLogs } from 'viem'

export type Challenge = {
  readonly promiseHash: Hash
  readonly promise: InclusionPromise
  /** The last block in which it can be answered. */
  readonly answerBlock: bigint
}

export type CourtLog = {
  /** Challenges in what has come; where a start or a deep reorg left more behind, in all blocks that count still. */
  read(update: ChainUpdate, court: Court): Promise<readonly Challenge[]>
}

export type Court = { readonly address: Address; readonly bundlerId: number; readonly answerBlocks: number }

export function createCourtLog(client: PublicClient): CourtLog {
  let isCaughtUp = false

  async function inBlocks({ address, bundlerId }: Court, place: Place): Promise<readonly Challenge[]> {
    const logs = await client.getLogs({
      address,
      event: promiseCourt.PromiseChallenged,
      args: { bundlerId },
      ...place,
    } as Parameters<typeof client.getLogs>[0])
    return parseEventLogs({ abi: [promiseCourt.PromiseChallenged], logs: logs as Log[] }).map(({ args }) => ({
      promiseHash: args.promiseHash,
      promise: args.promise_,
      answerBlock: args.answerBlock,
    }))
  }

  return {
    async read({ added, head, isBeyondMemory }, court) {
      const isGapless = isCaughtUp && isBeyondMemory !== true
      // Until all of it is read, the next one begins anew.
      isCaughtUp = false
      const from = head.number - BigInt(court.answerBlocks)
      const places: readonly Place[] = isGapless
        ? added.map(({ hash }) => ({ blockHash: hash }))
        : [{ fromBlock: from > 0n ? from : 0n, toBlock: head.number }]
      const found = await Promise.all(places.map(place => inBlocks(court, place)))
      isCaughtUp = true
      return found.flat()
    },
  }
}

type Place = { blockHash: Hash } | { fromBlock: bigint; toBlock: bigint }
