// The operator's own paymasters, which no stranger's operation can get banned here: those that are set, and those that
// the service at --paymaster-url says it serves.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Result } from '@worldland-aa/service/result'
import { type Address, isAddress } from 'viem'

export type PairedPaymasters = Part & {
  has(address: Address): boolean
}

/** The service may be started after the bundler. */
const askAgainMilliseconds = 30_000
const most = 100

/** `ask` puts `worldland_getPaymasters` to the service; undefined without one. */
export function createPairedPaymasters(options: {
  readonly known: readonly Address[]
  readonly ask: (() => Promise<Result<unknown>>) | undefined
  readonly logger: Logger
}): PairedPaymasters {
  const { ask, logger } = options
  const paired = new Set(options.known.map(address => address.toLowerCase()))
  let timer: NodeJS.Timeout | undefined

  async function learn(): Promise<void> {
    const answer = await ask?.()
    if (answer?.ok !== true || !Array.isArray(answer.value)) return
    const found = answer.value.slice(0, most).filter(address => isAddress(address, { strict: false }))
    for (const address of found) paired.add(address.toLowerCase())
    if (found.length === 0) return
    clearInterval(timer)
    logger.info({ paymasters: found }, 'paired with its paymaster: no operation of others gets it banned')
  }

  return {
    name: 'paired paymasters',
    has: address => paired.has(address.toLowerCase()),
    async start() {
      if (ask === undefined) return
      timer = setInterval(() => void learn(), askAgainMilliseconds).unref()
      void learn()
    },
    async stop() {
      clearInterval(timer)
    },
  }
}
