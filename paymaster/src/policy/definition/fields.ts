// The kinds of values that a policy's definition is made of, each with the words that mend it.
import { wei } from '@worldland-aa/service/config/setting'
import { type Address, type Hash, isAddress, zeroAddress } from 'viem'
import { z } from 'zod'
import { lowerCase } from '../sponsorshipPolicy.ts'

/** Of any list: a policy is for people to read. */
export const mostItems = 1_000

export const address = z
  .string('must be an address: 0x and 40 hex digits')
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
  .refine(value => isAddress(value), 'has a wrong checksum: copy it anew, or write it in lower case')
  .refine(value => value !== zeroAddress, 'is the zero address: give a real one')
  .transform(value => lowerCase(value as Address))

/** A contract, or the account itself. */
export const callTarget = z.string('must be an address or "sender"').transform((value, context) => {
  if (value === 'sender') return value
  const parsed = address.safeParse(value)
  if (parsed.success) return parsed.data
  const message = /^0x[0-9a-fA-F]{40}$/.test(value) ? parsed.error.issues[0]?.message : undefined
  context.addIssue({ code: 'custom', message: message ?? 'must be an address or "sender"' })
  return z.NEVER
})

export const amount = wei({ describe: 'an amount', group: 'policies' }).schema

export const moment = z.iso
  .datetime({ offset: true, message: 'must be a time such as 2026-01-31T00:00:00Z' })
  .transform(value => Math.floor(Date.parse(value) / 1000))

export const count = z.int('must be a whole number').min(1, 'must be at least 1')

export const codeHash = z
  .string('must be a hash: 0x and 64 hex digits')
  .regex(/^0x[0-9a-fA-F]{64}$/, 'must be a hash: 0x and 64 hex digits')
  .transform(value => value.toLowerCase() as Hash)

/** Seconds after midnight; 24:00 is the midnight after. */
export const timeOfDay = z
  .string('must be a time of the day such as 08:30')
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of the day such as 08:30')
  .transform(value => {
    const [hours = 0, minutes = 0] = value.split(':').map(Number)
    return hours * 3_600 + minutes * 60
  })

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item, 'must be a list').max(mostItems, `has more than ${mostItems} entries`)
}
