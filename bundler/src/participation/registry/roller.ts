// Has the next epoch's table stored when it is due. Anyone may; so that not everybody pays for it, whoever leads now goes
// first, and the others follow one by one, a few blocks apart, for as long as nobody has.

import { bundlerRegistryAbi } from '@worldland-aa/sdk/abi/bundlerRegistry'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import { type Address, encodeFunctionData, type Hash } from 'viem'
import type { OperatorAccount } from './operatorAccount.ts'

export type Roller = {
  /** `due`: the epoch that can be stored in the next block, if nobody has. */
  onBlock(block: RollingBlock): void
  settled(): Promise<void>
}

export type RollingBlock = {
  readonly due: bigint | undefined
  readonly head: bigint
  /** 0: not registered. */
  readonly ownId: number
  readonly leaderId: number
  readonly bundlerCount: number
}

const blocksApart = 2
/** With more bundlers than that, some share a turn: there is no time for all. */
const mostTurns = 24
/** After so many blocks without a block that took it, it is sent again, dearer. */
const patienceBlocks = 6n

export function createRoller(options: {
  readonly registry: Address
  readonly operator: OperatorAccount
  readonly logger: Logger
}): Roller {
  const { registry, operator, logger } = options
  const outage = createOutageLog(logger)
  const data = encodeFunctionData({ abi: bundlerRegistryAbi, functionName: 'rollEpoch' })
  let dueSince: { readonly epoch: bigint; readonly block: bigint } | undefined
  let sent: { readonly epoch: bigint; readonly block: bigint; readonly hash: Hash } | undefined
  let underWay: Promise<void> | undefined

  async function roll(epoch: bigint, head: bigint): Promise<void> {
    try {
      const hash = await operator.send({ to: registry, data })
      sent = { epoch, block: head, hash }
      logger.info({ epoch, transactionHash: hash }, "an epoch's table of leaders is asked for")
      outage.over('tables of leaders are asked for again')
    } catch (error) {
      outage.begun({ error, epoch }, "an epoch's table of leaders could not be asked for; it is tried again")
    }
  }

  return {
    onBlock({ due, head, ownId, leaderId, bundlerCount }) {
      if (due === undefined) {
        dueSince = undefined
        sent = undefined
        return
      }
      if (dueSince?.epoch !== due) dueSince = { epoch: due, block: head }
      if (underWay !== undefined) return
      if (sent?.epoch === due && head - sent.block < patienceBlocks) return
      const isFirst = ownId !== 0 && ownId === leaderId
      const turns = Math.min(Math.max(bundlerCount, 1), mostTurns)
      // Another begins in each epoch; who is not registered comes last.
      const place = ownId === 0 ? turns : (ownId + Number(due % BigInt(turns))) % turns
      const delay = isFirst ? 0 : blocksApart * (place + (leaderId === 0 ? 0 : 1))
      if (head - dueSince.block < BigInt(delay)) return
      underWay = roll(due, head).finally(() => {
        underWay = undefined
      })
    },
    async settled() {
      await underWay
    },
  }
}
