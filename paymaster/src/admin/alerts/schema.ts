// Alerts and their thresholds on the wire of the admin API.
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

export const alertKinds = [
  'runwayShort',
  'depositLow',
  'budgetNearlyUsed',
  'refusalRateHigh',
  'unpaidCharge',
  'priceStale',
  'ledgerDrift',
  'signerRevoked',
  'webhookGivenUp',
] as const
export const alertSeverities = ['warning', 'critical'] as const

export const alertSchema = z
  .object({
    id: z.string(),
    kind: z.enum(alertKinds),
    /** What it is about where there are several: a policy, a token, an endpoint; null where there is one. */
    subject: z.string().nullable(),
    severity: z.enum(alertSeverities),
    /** One line, for the subject of a mail. */
    title: z.string(),
    /** A few sentences: what is so, and what to do. */
    text: z.string(),
    openedAtSeconds: z.int(),
    closedAtSeconds: z.int().nullable(),
    /** The last figure that was measured, in the unit of the threshold. */
    value: z.string(),
    acknowledgedAtSeconds: z.int().nullable(),
    acknowledgedBy: z.string().nullable(),
  })
  .openapi('Alert')

export const alertListSchema = z
  .object({ items: z.array(alertSchema), nextCursor: z.string().nullable() })
  .openapi('AlertList')

const figure = z.string(must.notFigureText).regex(/^\d{1,60}(\.\d{1,6})?$/, must.notFigure)

export const alertThresholdSchema = z
  .object({
    kind: z.enum(alertKinds),
    isEnabled: z.boolean(),
    /** It opens when the figure is there or beyond. */
    openAt: figure,
    /** It closes when the figure has come back to there. */
    closeAt: figure,
    /** `days`, `percent`, `wei`, `count`, `seconds`. */
    unit: z.string(),
    /** Whether small figures are bad, or large ones. */
    opens: z.enum(['below', 'above']),
    describe: z.string(),
    isDefault: z.boolean(),
  })
  .openapi('AlertThreshold')

export const alertThresholdListSchema = z
  .object({ items: z.array(alertThresholdSchema), nextCursor: z.string().nullable() })
  .openapi('AlertThresholdList')

export const changedThresholdSchema = z
  .object({ isEnabled: z.boolean(must.notTrueOrFalse), openAt: figure, closeAt: figure })
  .openapi('ChangedThreshold')

export type Alert = z.infer<typeof alertSchema>
export type AlertKind = (typeof alertKinds)[number]
export type AlertSeverity = (typeof alertSeverities)[number]
export type AlertList = z.infer<typeof alertListSchema>
export type AlertThreshold = z.infer<typeof alertThresholdSchema>
export type AlertThresholdList = z.infer<typeof alertThresholdListSchema>
export type ChangedThreshold = z.infer<typeof changedThresholdSchema>
