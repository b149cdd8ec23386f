// One landed operation as the EntryPoint's UserOperationEvent tells it, and the ways to ask for them.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { type AbiEvent, type Address, type Hash, type PublicClient, zeroAddress } from 'viem'

export type Inclusion = {
  readonly operationHash: Hash
  readonly blockHash: Hash
  readonly blockNumber: bigint
  readonly transactionHash: Hash
  readonly sender: Address
  /** Undefined when the account paid. */
  readonly paymaster: Address | undefined
  readonly nonce: bigint
  readonly success: boolean
  readonly actualGasCostWei: bigint
  readonly actualGasUsed: bigint
}

export type InclusionReader = {
  inBlock(blockHash: Hash): Promise<readonly Inclusion[]>
  /** Both ends included. */
  inRange(fromBlock: bigint, toBlock: bigint): Promise<readonly Inclusion[]>
  /** Of one operation, newest block first. */
  ofOperation(operationHash: Hash, fromBlock: bigint, toBlock: bigint): Promise<readonly Inclusion[]>
}

type UserOperationEvent = Extract<
  (typeof entryPoint07Abi)[number],
  { type: 'event'; name: 'UserOperationEvent' }
>
const event = (entryPoint07Abi as readonly { type: string; name?: string }[]).find(
  item => item.type === 'event' && item.name === 'UserOperationEvent',
) as UserOperationEvent & AbiEvent

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
    operationHash?: Hash
  }): Promise<readonly Inclusion[]> {
    const { operationHash, ...blocks } = filter
    const logs = await client.getLogs({
      address,
      event,
      strict: true,
      ...(operationHash !== undefined && { args: { userOpHash: operationHash } }),
      ...(blocks as { fromBlock: bigint; toBlock: bigint }),
    })
    return logs.map(({ args, blockHash, blockNumber, transactionHash }) => ({
      operationHash: args.userOpHash,
      blockHash,
      blockNumber,
      transactionHash,
      sender: args.sender,
      paymaster: args.paymaster === zeroAddress ? undefined : args.paymaster,
      nonce: args.nonce,
      success: args.success,
      actualGasCostWei: args.actualGasCost,
      actualGasUsed: args.actualGasUsed,
    }))
  }

  /** Nodes differ in how many blocks they search at once: halve until this one agrees. */
  async function askInParts(
    fromBlock: bigint,
    toBlock: bigint,
    operationHash?: Hash,
  ): Promise<readonly Inclusion[]> {
    try {
      return await ask({ fromBlock, toBlock, ...(operationHash !== undefined && { operationHash }) })
    } catch (error) {
      if (fromBlock >= toBlock) throw error
      const middle = (fromBlock + toBlock) / 2n
      const [first, second] = [
        await askInParts(fromBlock, middle, operationHash),
        await askInParts(middle + 1n, toBlock, operationHash),
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
    async ofOperation(operationHash, fromBlock, toBlock) {
      return (await askInParts(fromBlock, toBlock, operationHash)).toReversed()
    },
  }
}
