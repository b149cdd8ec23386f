// Measures all rules now and then, one after another: what cannot be measured at the moment changes nothing.
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { LiveUpdates } from '../admin/liveUpdates.ts'
import type { AlertBook } from './alertBook.ts'
import type { AlertRule } from './alertRule.ts'
import type { Thresholds } from './thresholds.ts'

export type AlertWatch = Part & {
  /** Measures at once. */
  look(): Promise<void>
}

const everyMilliseconds = 15_000

export function createAlertWatch(options: {
  readonly rules: readonly AlertRule[]
  readonly thresholds: Thresholds
  readonly book: Pick<AlertBook, 'take'>
  readonly live: Pick<LiveUpdates, 'tell'>
  readonly logger: Logger
  readonly everyMilliseconds?: number
}): AlertWatch {
  const { rules, thresholds, book, live, logger } = options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  async function lookAt(rule: AlertRule): Promise<void> {
    try {
      for (const alert of await book.take(rule, thresholds.of(rule), await rule.measure())) {
        const { id, kind, subject, title, closedAtSeconds } = alert
        live.tell({ kind: 'alert', id })
        if (closedAtSeconds === null) logger.warn({ alert: kind, subject }, title)
        else logger.info({ alert: kind, subject }, `over: ${title}`)
      }
    } catch (error) {
      logger.debug({ error, alert: rule.kind }, 'an alert could not be measured')
    }
  }

  async function lookAtAll(): Promise<void> {
    for (const rule of rules) await lookAt(rule)
  }

  function look(): Promise<void> {
    running ??= lookAtAll().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    name: 'alerts',
    look,
    async start() {
      await thresholds.start()
      timer = setInterval(() => void look(), options.everyMilliseconds ?? everyMilliseconds).unref()
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
