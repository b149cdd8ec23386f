// Where the decision log hangs on the service: on what is granted, on what is refused at whichever stage, and on what
// settlement finds.
import type { Identify } from '@worldland-aa/service/http/credentials'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal, Result } from '@worldland-aa/service/result'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import type { PaymasterConfig } from '../config.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Policy } from '../policy/sponsorshipPolicy.ts'
import type { SettlementReport } from '../settlement/settlement.ts'
import type { Sponsorship, SponsorshipRequest } from '../sponsorship.ts'
import { type Granted, tellingRefusals } from './decidedRequest.ts'
import { createDecisionLog } from './decisionLog.ts'

type JudgeCaller = (caller: string) => Result<never> | undefined

export type Decisions = {
  /** Writes what is left when the service stops. */
  readonly part: Part
  onGranted(request: SponsorshipRequest, granted: Granted): void
  /** The same sponsorship, whose refusals are kept. */
  watch(sponsorship: Sponsorship): Sponsorship
  /** The same, for what is refused before it is read. */
  watchDoor(judge: JudgeCaller): JudgeCaller
  /** The same, for keys that let nobody in. */
  watchKeys(identify: Identify): Identify
  /** What is refused before it is read. */
  onRefused(caller: string, refusal: Refusal): void
  onReport(report: Pick<SettlementReport, 'changed'>): void
}

/** Beyond that, an open console is told only that operations have changed. */
const mostTold = 100

export function composeDecisions(options: {
  readonly ledger: Pick<Ledger, 'writeLater'>
  readonly live: Pick<LiveUpdates, 'tell'>
  readonly config: Pick<PaymasterConfig, 'unpaidDecisionRows'>
  readonly now: () => number
  readonly policies: () => readonly Pick<Policy, 'id' | 'onChainId'>[]
  readonly logger: Logger
}): Decisions {
  const { live } = options
  const onRefused = (caller: string, refusal: Refusal): void =>
    log.onDecided({ outcome: 'refused', caller, refusal, rules: [] })
  const log = createDecisionLog({ ...options, mostUnpaidRows: options.config.unpaidDecisionRows })
  return {
    part: log,
    onGranted: (request, granted) => log.onDecided({ outcome: 'granted', request, granted }),
    watch: sponsorship => tellingRefusals(sponsorship, log.onDecided),
    watchDoor: judge => caller => {
      const refused = judge(caller)
      if (refused?.ok === false) onRefused(caller, refused.refusal)
      return refused
    },
    watchKeys: identify => (credentials, address) => {
      const identity = identify(credentials, address)
      if (!identity.ok) onRefused(address, identity.refusal)
      return identity
    },
    onRefused,
    onReport({ changed }) {
      live.tell({ kind: 'block' })
      if (changed.length > mostTold) live.tell({ kind: 'operation' })
      else for (const id of changed) live.tell({ kind: 'operation', id })
    },
  }
}
