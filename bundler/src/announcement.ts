// The last part to start: tells the operator what is served, and on which chain.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { ChainProfile } from './chains/chainProfile.ts'
import { describeChain } from './chains/describeChain.ts'
import type { ChainCapabilities } from './chains/probe.ts'
import type { TracerName } from './checkNode.ts'
import type { EntryPointVersion } from './entryPoint/entryPointVersion.ts'
import { baseFeeProblem, type FeeLimit } from './submission/feeLimit.ts'
import type { Fees } from './submission/fees.ts'

export function createAnnouncement(options: {
  url: () => string
  chainId: number
  profile: ChainProfile
  capabilities: ChainCapabilities
  entryPoint: Address
  version: EntryPointVersion
  tracer: TracerName
  fees: Fees
  feeLimit: FeeLimit
  nodeVersion: string
  logger: Logger
}): Part {
  const { chainId, profile, capabilities, entryPoint, version, nodeVersion: running, logger } = options
  return {
    name: 'announcement',
    async start() {
      const verdict = `served, traced by ${options.tracer}`
      const entryPoints = [{ number: version.number, address: entryPoint, verdict }]
      const dearness = baseFeeProblem(options.feeLimit, options.fees.currentFees().baseFeePerGas)
      if (dearness !== undefined) logger.warn(dearness)
      logger.info(`the chain\n${describeChain({ chainId, profile, capabilities, entryPoints })}`)
      logger.info(
        { url: options.url(), chainId, chain: profile.name, entryPoint, version: running },
        'serving',
      )
    },
    async stop() {},
  }
}
