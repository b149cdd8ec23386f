// One landed operation as the EntryPoint's UserOperationEvent tells it, and the ways to ask for them.
import { type Address, type Hash, type LogTopic, numberToHex, type PublicClient } from 'viem'
import {
  readUserOperationEvent,
  type UserOperationEvent,
  userOperationEventTopic,
} from '../entryPoint/userOperationEvent.ts'

export type Inclusion = UserOperationEvent & {
  readonly blockHash: Hash
  readonly blockNumber: bigint
  readonly transactionHash: Hash
}

export type InclusionReader = {
  inBlock(blockHash: Hash): Promise<readonly Inclusion[]>
  /** Both ends included. */
  inRange(fromBlock: bigint, toBlock: bigint): Promise<readonly Inclusion[]>
  /** Of these operations, newest block first. */
  ofOperations(
    operationHashes: readonly Hash[],
    fromBlock: bigint,
    toBlock: bigint,
  ): Promise<readonly Inclusion[]>
}

export function createInclusionReader(options: {
  client: PublicClient
  entryPoint: Address
  /** Blocks asked for in one eth_getLogs. */
  logRangeBlocks: number
}): InclusionReader {
  const { client, entryPoint: address, logRangeBlocks } = options

  async function ask(filter: {
    blockHash?: Hash
    fromBlock?: bigint
    toBlock?: bigint
    operationHashes?: readonly Hash[] | undefined
  }): Promise<readonly Inclusion[]> {
    const { operationHashes, blockHash, fromBlock, toBlock } = filter
    const logs = await client.request({
      method: 'eth_getLogs',
      params: [
        {
          address,
          topics: [userOperationEventTopic, ...(operationHashes === undefined ? [] : [operationHashes])],
          ...(blockHash !== undefined && { blockHash }),
          ...(fromBlock !== undefined && { fromBlock: numberToHex(fromBlock) }),
          ...(toBlock !== undefined && { toBlock: numberToHex(toBlock) }),
        } as { address: Address; topics: LogTopic[] },
      ],
    })
    return logs.flatMap(log => {
      const event = readUserOperationEvent(log)
      const { blockHash, blockNumber, transactionHash } = log
      if (event === undefined || blockHash === null || blockNumber === null || transactionHash === null)
        return []
      return [{ ...event, blockHash, blockNumber: BigInt(blockNumber), transactionHash }]
    })
  }

  /** Nodes differ in how many blocks they search at once: halve until this one agrees. */
  async function askInParts(
    fromBlock: bigint,
    toBlock: bigint,
    operationHashes?: readonly Hash[],
  ): Promise<readonly Inclusion[]> {
    try {
      return await ask({ fromBlock, toBlock, operationHashes })
    } catch (error) {
      if (fromBlock >= toBlock) throw error
      const middle = (fromBlock + toBlock) / 2n
      const [first, second] = [
        await askInParts(fromBlock, middle, operationHashes),
        await askInParts(middle + 1n, toBlock, operationHashes),
      ]
      return [...first, ...second]
    }
  }

  return {
    inBlock: blockHash => ask({ blockHash }),
    async inRange(fromBlock, toBlock) {
      const found: Inclusion[] = []
      const step = BigInt(logRangeBlocks)
      for (let start = fromBlock; start <= toBlock; start += step) {
        const end = start + step - 1n
        found.push(...(await askInParts(start, end < toBlock ? end : toBlock)))
      }
      return found
    },
    async ofOperations(operationHashes, fromBlock, toBlock) {
      return (await askInParts(fromBlock, toBlock, operationHashes)).toReversed()
    },
  }
}
