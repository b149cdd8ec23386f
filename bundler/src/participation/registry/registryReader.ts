// What the registry's contract says, asked by eth_call at one block. Throws when the node does not answer, or does not
// know the block: then it is asked anew after the next one.

import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import type { Address, Hash, Hex, PublicClient } from 'viem'
import type { ScheduleTerms } from '../schedule/schedule.ts'

export type RegistryTerms = ScheduleTerms & {
  readonly court: Address
  readonly minimumStakeWei: bigint
  readonly strikeWei: bigint
  readonly promiseFineWei: bigint
  readonly challengeDepositWei: bigint
  readonly challengeBlocks: number
  readonly answerBlocks: number
}

export type RegisteredBundler = {
  readonly bundlerId: number
  readonly operator: Address
  /** Address of the key that signs its promises and commits. */
  readonly nodeKey: Address
  /** That key: 64 bytes x ‖ y. */
  readonly publicKey: Hex
  /** libp2p multiaddrs. */
  readonly addresses: readonly string[]
  readonly stakeWei: bigint
  readonly weightWei: bigint
  readonly strikes: number
  /** First block in which its stake may leave; 0: it stays. */
  readonly exitBlock: bigint
}

export type RegistryReader = {
  terms(): Promise<RegistryTerms>
  /** All that were ever registered and have not left. */
  bundlers(at: Hash): Promise<readonly RegisteredBundler[]>
  bundler(bundlerId: number, at: Hash): Promise<RegisteredBundler | undefined>
  /** 0: nobody's. */
  bundlerOfKey(nodeKey: Address, at: Hash): Promise<number>
  bundlerOfExecutor(executor: Address, at: Hash): Promise<number>
  bundlerCount(at: Hash): Promise<number>
  leaderTable(epoch: bigint, at: Hash): Promise<readonly number[]>
  epochToRoll(at: Hash): Promise<{ readonly epoch: bigint; readonly isDue: boolean }>
}

const pageLength = 100
/** Of what strangers have written there, so many are looked at. */
const mostBundlers = 10_000
const noAddress = '0x0000000000000000000000000000000000000000'

export function createRegistryReader(client: PublicClient, address: Address): RegistryReader {
  const contract = { address, abi: bundlerRegistryAbi } as const

  async function bundlerCount(blockHash: Hash): Promise<number> {
    return await client.readContract({ ...contract, functionName: 'bundlerCount', blockHash })
  }

  return {
    async terms() {
      const [terms, court, epochBlocks, windowBlocks, fallbackBlocks, graceBlocks] = await Promise.all([
        client.readContract({ ...contract, functionName: 'terms' }),
        client.readContract({ ...contract, functionName: 'court' }),
        client.readContract({ ...contract, functionName: 'epochBlocks' }),
        client.readContract({ ...contract, functionName: 'windowBlocks' }),
        client.readContract({ ...contract, functionName: 'fallbackBlocks' }),
        client.readContract({ ...contract, functionName: 'graceBlocks' }),
      ])
      return {
        court,
        epochBlocks: Number(epochBlocks),
        windowBlocks: Number(windowBlocks),
        fallbackBlocks: Number(fallbackBlocks),
        graceBlocks: Number(graceBlocks),
        minimumStakeWei: terms.minimumStakeWei,
        strikeWei: terms.strikeWei,
        promiseFineWei: terms.promiseFineWei,
        challengeDepositWei: terms.challengeDepositWei,
        challengeBlocks: terms.challengeBlocks,
        answerBlocks: terms.answerBlocks,
      }
    },
    async bundlers(blockHash) {
      const count = Math.min(await bundlerCount(blockHash), mostBundlers)
      const starts = Array.from({ length: Math.ceil(count / pageLength) }, (_, page) => 1 + page * pageLength)
      const pages = await Promise.all(
        starts.map(start =>
          client.readContract({
            ...contract,
            functionName: 'bundlers',
            args: [start, pageLength],
            blockHash,
          }),
        ),
      )
      return pages.flat().flatMap((raw, index) => readBundler(index + 1, raw) ?? [])
    },
    async bundler(bundlerId, blockHash) {
      const raw = await client.readContract({
        ...contract,
        functionName: 'bundler',
        args: [bundlerId],
        blockHash,
      })
      return readBundler(bundlerId, raw)
    },
    bundlerOfKey: (nodeKey, blockHash) =>
      client.readContract({ ...contract, functionName: 'bundlerOfKey', args: [nodeKey], blockHash }),
    bundlerOfExecutor: (executor, blockHash) =>
      client.readContract({ ...contract, functionName: 'bundlerOf', args: [executor], blockHash }),
    bundlerCount,
    leaderTable: (epoch, blockHash) =>
      client.readContract({ ...contract, functionName: 'leaderTable', args: [epoch], blockHash }),
    async epochToRoll(blockHash) {
      const [epoch, isDue] = await client.readContract({
        ...contract,
        functionName: 'epochToRoll',
        blockHash,
      })
      return { epoch, isDue }
    },
  }
}

type RawBundler = Omit<RegisteredBundler, 'bundlerId' | 'addresses'> & { readonly addresses: string }

/** Undefined for one that has left. */
function readBundler(bundlerId: number, raw: RawBundler): RegisteredBundler | undefined {
  const { operator, nodeKey, publicKey, stakeWei, weightWei, strikes, exitBlock } = raw
  if (operator === noAddress) return undefined
  const addresses = raw.addresses
    .split(',')
    .map(text => text.trim())
    .filter(text => text !== '')
  return { bundlerId, operator, nodeKey, publicKey, addresses, stakeWei, weightWei, strikes, exitBlock }
}
