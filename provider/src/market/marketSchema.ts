// What a provider writes about its business: who it is, what it offers, whom it serves, which endpoints it runs.

import { parsePricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
import { wei } from '@worldland-aa/service/config/setting'
import { getAddress, isAddress } from 'viem'
import { z } from 'zod'

const amountWei = wei({ group: '', describe: '' }).schema
const address = z
  .string('must be an address')
  .refine(text => isAddress(text, { strict: false }), 'must be an address: 0x and 40 hex digits')
  .transform(text => getAddress(text))
const name = z
  .string('must be a name')
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 small letters, digits and -')
const whole = (minimum: number, maximum: number) => {
  const says = `must be a whole number from ${minimum} to ${maximum}`
  return z.number(says).int(says).min(minimum, says).max(maximum, says)
}
const shortText = (bytes: number) =>
  z
    .string('must be text')
    .min(1, 'must not be empty')
    .refine(text => Buffer.byteLength(text) <= bytes, `must be at most ${bytes} bytes`)
const durationSeconds = whole(1, 4_294_967_295)

const pricePerHour = z
  .string('must be text such as "0.5": tokens an hour for one unit')
  .regex(/^\d{1,20}(\.\d{1,18})?$/, {
    error: 'must be tokens an hour for one unit, such as "0.5"',
    // What follows would throw.
    abort: true,
  })
  .refine(text => parsePricePerHour(text) > 0n, 'is less than one token wei a second')

const offer = z
  .strictObject({
    /** For endpoints and logs; renters do not see it. */
    name,
    kind: z.enum(['instance', 'serverless'], 'must be "instance" or "serverless"').default('instance'),
    gpuModel: shortText(64),
    vramGiB: whole(1, 65_535),
    region: shortText(64),
    /** Units that can be rented at once. */
    capacityUnits: whole(1, 100_000),
    pricePerHour,
    bondPerUnitWei: amountWei,
    minimumSeconds: durationSeconds,
    maximumSeconds: durationSeconds,
    /** In one unit. */
    gpus: whole(1, 1_024).default(1),
    /** Of one unit; where absent, what there is. */
    cpus: z.number('must be a number').positive('must be more than 0').max(4_096).optional(),
    memoryMiB: whole(16, 100_000_000).optional(),
    diskGiB: whole(1, 1_000_000).optional(),
    /** Where a renter names no image. */
    image: shortText(512).optional(),
  })
  .refine(({ minimumSeconds, maximumSeconds }) => minimumSeconds <= maximumSeconds, {
    path: ['maximumSeconds'],
    message: 'must not be less than minimumSeconds',
  })

const accept = z.strictObject({
  /** Globs on names (`ghcr.io/me/*`), or digests (`sha256:…`). Absent: any. */
  images: z.array(shortText(512), 'must be a list').max(1_000).optional(),
  maximumSeconds: durationSeconds.optional(),
  minimumPricePerSecondWei: amountWei.optional(),
  payers: z
    .strictObject({
      allow: z.array(address, 'must be a list').max(10_000).optional(),
      deny: z.array(address, 'must be a list').max(10_000).optional(),
      /** Agreements of the payer that this provider was paid for. */
      leastScore: whole(0, 1_000_000).optional(),
    })
    .optional(),
  /** Hundredths of a percent that a broker may take. */
  maximumBrokerBasisPoints: whole(0, 10_000).optional(),
})

const endpoint = z
  .strictObject({
    id: name,
    /** Offers of the kind serverless whose sessions may use it, by name. */
    offer: z.union([name.transform(one => [one]), z.array(name).min(1, 'names no offer').max(100)]),
    image: shortText(512).optional(),
    command: z.array(z.string().max(4_096)).max(64).optional(),
    environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string().max(32_768)).default({}),
    minimumWorkers: whole(0, 10_000).default(0),
    maximumWorkers: whole(1, 10_000).default(1),
    idleSeconds: whole(0, 86_400).default(60),
    requestSeconds: whole(1, 604_800).default(600),
    queueLimit: whole(1, 1_000_000).default(1_000),
    /** Jobs of one worker at a time. */
    concurrency: whole(1, 1_000).default(1),
  })
  .refine(({ minimumWorkers, maximumWorkers }) => minimumWorkers <= maximumWorkers, {
    path: ['maximumWorkers'],
    message: 'must not be less than minimumWorkers',
  })

export const marketSchema = z
  .strictObject({
    name: shortText(64),
    metadataUri: z
      .string('must be text')
      .refine(
        text => Buffer.byteLength(text) <= 437,
        'must be at most 437 bytes: the sealing key goes behind it',
      )
      .refine(text => !text.includes('#'), 'must have no fragment (#…): the sealing key goes there'),
    payout: address.optional(),
    stakeWei: amountWei,
    offers: z.array(offer, 'must be a list').max(100, 'are more than 100').default([]),
    accept: accept.default({}),
    endpoints: z.array(endpoint, 'must be a list').max(100, 'are more than 100').default([]),
  })
  .superRefine(({ offers, endpoints, accept }, context) => {
    const names = offers.map(({ name }) => name)
    const say = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const { maximumSeconds: longest = Number.POSITIVE_INFINITY } = accept
    for (const { name, kind, minimumSeconds } of offers)
      if (kind === 'instance' && minimumSeconds > longest)
        say(
          ['accept', 'maximumSeconds'],
          `is less than minimumSeconds of offer "${name}": nobody could rent it`,
        )
    for (const [index, repeated] of names.entries())
      if (names.indexOf(repeated) !== index)
        say(['offers', index, 'name'], `is another offer's too: "${repeated}"`)
    const ids = endpoints.map(({ id }) => id)
    for (const [index, { id, offer }] of endpoints.entries()) {
      if (ids.indexOf(id) !== index) say(['endpoints', index, 'id'], `is another endpoint's too: "${id}"`)
      for (const wanted of offer) {
        const kind = offers.find(({ name }) => name === wanted)?.kind
        if (kind === undefined) say(['endpoints', index, 'offer'], `names "${wanted}", which is no offer`)
        else if (kind !== 'serverless')
          say(['endpoints', index, 'offer'], `names "${wanted}", which is no serverless offer`)
      }
    }
  })
  .transform(market => ({ ...market, offers: market.offers.map(one => boundByRules(one, market.accept)) }))

/**
 * What is not accepted is not offered. And a lease that runs may be extended up to its offer's limit, without asking the
 * provider: that limit alone, which the chain holds, keeps one from becoming longer than the rules allow.
 */
function boundByRules(
  one: z.output<typeof offer>,
  { maximumSeconds = one.maximumSeconds }: z.output<typeof accept>,
): z.output<typeof offer> {
  return one.kind === 'instance'
    ? { ...one, maximumSeconds: Math.min(one.maximumSeconds, maximumSeconds) }
    : one
}

export type MarketFile = z.output<typeof marketSchema>
export type WantedOffer = MarketFile['offers'][number]
export type AcceptRules = MarketFile['accept']
export type EndpointDefinition = MarketFile['endpoints'][number]
