// The kinds of values that a policy's definition is made of, each with the words that mend it.
import { wei } from '@worldland-aa/service/config/setting'
import { type Address, type Hash, isAddress, zeroAddress } from 'viem'
import { z } from 'zod'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'
import { lowerCase } from '../sponsorshipPolicy.ts'

/** Of any list: a policy is for people to read. */
export const mostItems = 1_000

export const address = z
  .string(must.notAddress)
  .regex(/^0x[0-9a-fA-F]{40}$/, must.notAddress)
  .refine(value => isAddress(value), must.wrongChecksum)
  .refine(value => value !== zeroAddress, must.zeroAddress)
  .transform(value => lowerCase(value as Address))

/** A contract, or the account itself. */
export const callTarget = z.string(must.notTarget).transform((value, context) => {
  if (value === 'sender') return value
  const parsed = address.safeParse(value)
  if (parsed.success) return parsed.data
  const message = /^0x[0-9a-fA-F]{40}$/.test(value) ? parsed.error.issues[0]?.message : undefined
  context.addIssue({ code: 'custom', message: message ?? must.notTarget })
  return z.NEVER
})

export const amount = wei({ describe: 'an amount', group: 'policies' }).schema

export const moment = z.iso
  .datetime({ offset: true, message: must.notMoment })
  .transform(value => Math.floor(Date.parse(value) / 1000))

export const count = z.int(must.notWhole).min(1)

export const codeHash = z
  .string(must.notHash)
  .regex(/^0x[0-9a-fA-F]{64}$/, must.notHash)
  .transform(value => value.toLowerCase() as Hash)

/** Seconds after midnight; 24:00 is the midnight after. */
export const timeOfDay = z
  .string(must.notTimeOfDay)
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, must.notTimeOfDay)
  .transform(value => {
    const [hours = 0, minutes = 0] = value.split(':').map(Number)
    return hours * 3_600 + minutes * 60
  })

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, must.notList).max(mostItems)
}
