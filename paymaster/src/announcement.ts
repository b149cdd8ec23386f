// Says in the log that the service serves, once it does: where, which contracts, signed by whom.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { PolicyBook } from './policy/policyBook.ts'
import type { Readiness } from './readiness.ts'
import type { Signers } from './signing/signers.ts'
import { version } from './version.ts'

export function createAnnouncement(options: {
  readonly url: () => string
  readonly chainId: number
  readonly contracts: Readonly<Record<string, Address>>
  readonly readiness: Pick<Readiness, 'caughtUp' | 'ready'>
  readonly policies: Pick<PolicyBook, 'inForce'>
  readonly signers: Pick<Signers, 'active'>
  readonly logger: Logger
}): Part {
  const { chainId, contracts, readiness, policies, signers, logger } = options
  return {
    name: 'announcement',
    async start() {
      readiness.caughtUp()
      // The treasury may take longer than the service lives.
      const url = options.url()
      void readiness.ready().then(() => {
        const ids = policies.inForce().map(policy => policy.id)
        logger.info(
          { url, chainId, ...contracts, signer: signers.active(), policies: ids, version },
          'serving',
        )
      })
    },
    async stop() {},
  }
}
