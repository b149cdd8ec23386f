// Brings to the court whom this node holds two commits to one place of: says first that it will, without saying whom, and
// reveals it some blocks later, so that nobody takes the reward by copying. What stands is on the chain and on the disk.
import * as promiseCourt from '@worldland-aa/sdk/abi/promiseCourt'
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import {
  encodeAbiParameters,
  encodeFunctionData,
  type Hash,
  type Hex,
  keccak256,
  type PublicClient,
} from 'viem'
import type { OperatorAccount } from '../registry/operatorAccount.ts'
import type { Equivocation, EquivocationStore } from './equivocationStore.ts'

export type Reports = {
  onBlock(block: Block, place: ReporterPlace): void
  settled(): Promise<void>
}

/** Who all see it do not all pay for it at once: each begins some blocks after the one before. */
export type ReporterPlace = { readonly bundlerId: number; readonly bundlerCount: number }

type Deed = 'commitReport' | 'reportEquivocation'

const blocksApart = 8n
const mostPlaces = 8
/** After so many blocks without a block that took it, it is sent again, dearer. */
const patienceBlocks = 6n
/** What the court has not taken by then it takes no more: its bundler's stake is gone. */
const lastingBlocks = 1_000n
/** Looked at in one block. */
const mostAtOnce = 8

export function createReports(options: {
  readonly client: PublicClient
  readonly operator: Pick<OperatorAccount, 'address' | 'send'>
  readonly store: EquivocationStore
  readonly logger: Logger
}): Reports {
  const { client, operator, store, logger } = options
  const outage = createOutageLog(logger)
  /** Heads at which each was sent last, by salt and by what was sent. */
  const sentAt = new Map<Hash, Map<Deed, bigint>>()
  let underWay: Promise<void> | undefined

  async function send(equivocation: Equivocation, deed: Deed, data: Hex, head: bigint): Promise<void> {
    const { court, salt, first } = equivocation
    const sent = sentAt.get(salt) ?? new Map<Deed, bigint>()
    if ((sent.get(deed) ?? -patienceBlocks) + patienceBlocks > head) return
    const transactionHash = await operator.send({ to: court, data })
    sentAt.set(salt, sent.set(deed, head))
    logger.info(
      { commit: first.commit, deed, transactionHash },
      'the court is told of two commits to one place',
    )
  }

  async function advance(equivocation: Equivocation, head: Block): Promise<void> {
    const { court, first, second, salt } = equivocation
    const { bundlerId, window, sequence } = first.commit
    const at = { address: court, blockHash: head.hash } as const
    const isReported = await client.readContract({
      ...at,
      abi: [promiseCourt.isReported],
      functionName: 'isReported',
      args: [bundlerId, window, sequence],
    })
    if (isReported || head.number > equivocation.sinceBlock + lastingBlocks) {
      logger.info({ commit: first.commit, isReported }, 'two commits to one place are done with')
      sentAt.delete(salt)
      return await store.remove(equivocation)
    }
    const words = [first.commit, first.signature, second.commit, second.signature] as const
    const reportHash = await client.readContract({
      ...at,
      abi: [promiseCourt.reportHashOf],
      functionName: 'reportHashOf',
      args: words,
    })
    const commitment = commitmentOf(reportHash, salt, operator.address)
    const [committedAtBlock, delayBlocks] = await Promise.all([
      client.readContract({
        ...at,
        abi: [promiseCourt.committedAtBlock],
        functionName: 'committedAtBlock',
        args: [commitment],
      }),
      client.readContract({
        ...at,
        abi: [promiseCourt.revealDelayBlocks],
        functionName: 'revealDelayBlocks',
      }),
    ])
    if (committedAtBlock === 0n) {
      const call = {
        abi: [promiseCourt.commitReport],
        functionName: 'commitReport',
        args: [commitment],
      } as const
      return await send(equivocation, 'commitReport', encodeFunctionData(call), head.number)
    }
    // A node estimates on the state after the head: one block more, and it does not refuse what the next one takes.
    if (head.number < committedAtBlock + delayBlocks) return
    const call = {
      abi: [promiseCourt.reportEquivocation],
      functionName: 'reportEquivocation',
      args: [...words, salt],
    } as const
    await send(equivocation, 'reportEquivocation', encodeFunctionData(call), head.number)
  }

  async function advanceAll(head: Block, delayBlocks: bigint): Promise<void> {
    const due = store.all().filter(({ sinceBlock }) => sinceBlock + delayBlocks <= head.number)
    for (const equivocation of due.slice(0, mostAtOnce)) {
      try {
        await advance(equivocation, head)
        outage.over('the court is told of equivocations again')
      } catch (error) {
        outage.begun({ error }, 'an equivocation could not be reported; it is tried again at the next block')
      }
    }
  }

  return {
    onBlock(head, { bundlerId, bundlerCount }) {
      if (underWay !== undefined) return
      const places = Math.min(Math.max(bundlerCount, 1), mostPlaces)
      underWay = advanceAll(head, BigInt(bundlerId % places) * blocksApart).finally(() => {
        underWay = undefined
      })
    },
    async settled() {
      await underWay
    },
  }
}

/** As `ReportCommitments` has it. */
function commitmentOf(reportHash: Hash, salt: Hash, reporter: Hex): Hash {
  const types = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'address' }] as const
  return keccak256(encodeAbiParameters(types, [reportHash, salt, reporter]))
}
