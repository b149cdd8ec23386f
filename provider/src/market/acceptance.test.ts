// Which leases a provider takes, by its own rules.
import { zeroHash } from 'viem'
import { describe, expect, it } from 'vitest'
import { type AcceptanceQuestion, reasonsAgainst } from './acceptance.ts'
import { fullImageName, isImageAllowed } from './imageRule.ts'
import { marketSchema } from './marketSchema.ts'

const payer = '0x00000000000000000000000000000000000000aa' as const
const digest = `sha256:${'ab'.repeat(32)}`
const { offers } = marketSchema.parse({
  name: 'p',
  metadataUri: 'https://p.example',
  stakeWei: '1ether',
  offers: [
    {
      ...{ name: 'a', gpuModel: 'RTX', vramGiB: 24, region: 'KR', capacityUnits: 2, pricePerHour: '0.5' },
      ...{ bondPerUnitWei: '5ether', minimumSeconds: 60, maximumSeconds: 3600, diskGiB: 100 },
    },
  ],
})

const question: AcceptanceQuestion = {
  lease: {
    payer,
    units: 2,
    pricePerSecondWei: 100n,
    maximumSeconds: 3600,
    limitSeconds: 3600,
    broker: undefined,
    imageDigest: zeroHash,
  },
  request: {},
  offer: offers[0],
  rules: {},
  payerScore: 0,
  hasImages: true,
}

describe('a lease', () => {
  it('is taken where no rule speaks against it', () => {
    expect(reasonsAgainst(question)).toEqual([])
  })

  it('is refused for its length, price, broker, payer, score, disk or a vanished offer, each in words', () => {
    const reasons = reasonsAgainst({
      ...question,
      lease: { ...question.lease, broker: { address: payer, basisPoints: 900 } },
      request: { diskGiB: 201 },
      offer: offers[0],
      rules: {
        maximumSeconds: 600,
        minimumPricePerSecondWei: 101n,
        maximumBrokerBasisPoints: 500,
        payers: { deny: [payer], leastScore: 1 },
      },
    })
    expect(reasons).toEqual([
      'it is for 3600 seconds, longer than the 600 that are taken',
      'it pays 100 wei a second, less than the 101 that are asked for',
      'its broker takes 900 basis points, more than 500',
      `its payer ${payer} is denied`,
      `its payer ${payer} has paid for 0 agreements here, fewer than 1`,
      'it asks for 201 GiB of disk, more than 200',
    ])
    expect(reasonsAgainst({ ...question, offer: undefined })).toEqual([
      'its offer is not in the market file any more',
    ])
    const others = { payers: { allow: [`0x${'1'.repeat(40)}` as const] } }
    expect(reasonsAgainst({ ...question, rules: others })).toEqual([
      `its payer ${payer} is not among those allowed`,
    ])
  })

  it('is refused where its payer could extend it beyond the longest lease that is taken', () => {
    const lease = { ...question.lease, maximumSeconds: 600 }
    const rules = { maximumSeconds: 600 }
    expect(reasonsAgainst({ ...question, lease, rules })).toEqual([
      'it may be extended to 3600 seconds, as its offer allowed when it was opened: longer than the 600 that are taken',
    ])
    expect(reasonsAgainst({ ...question, lease: { ...lease, limitSeconds: 600 }, rules })).toEqual([])
  })

  it('is refused for an image that is not allowed, or has another digest than the chain says', () => {
    const rules = { images: ['ghcr.io/me/*'] }
    const asks = (image: string, imageDigest = zeroHash as string) =>
      reasonsAgainst({
        ...question,
        rules,
        lease: { ...question.lease, imageDigest: imageDigest as `0x${string}` },
        request: { image },
      })
    expect(asks('ghcr.io/me/trainer:v2')).toEqual([])
    expect(asks('ghcr.io/you/trainer')).toEqual(['its image ghcr.io/you/trainer is not among those allowed'])
    expect(asks(`ghcr.io/me/x@${digest}`, `0x${'ab'.repeat(32)}`)).toEqual([])
    expect(asks(`ghcr.io/me/x@${digest}`, `0x${'cd'.repeat(32)}`)).toEqual([
      'its image has another digest than the lease',
    ])
  })

  it('is refused for an image within the own network of the provider, unless the operator names it (attack)', () => {
    const image = '10.0.0.5:5000/app'
    const asks = (images: string[] | undefined, own?: string) =>
      reasonsAgainst({
        ...question,
        rules: images === undefined ? {} : { images },
        request: { image },
        offer: offers[0] && { ...offers[0], ...(own !== undefined && { image: own }) },
      })
    const refused = [
      `its image ${image} is of a registry within the provider's own network, and accept.images names none there`,
    ]
    expect(asks(undefined)).toEqual(refused)
    expect(asks(['*'])).toEqual(refused)
    expect(asks(['*/app'])).toEqual(refused)
    expect(asks(['**/app'])).toEqual(refused)
    expect(asks(['10.0.0.5:5000/*'])).toEqual([])
    expect(asks(undefined, `${image}:latest`)).toEqual([])
  })

  it('is refused an image where machines are plain processes', () => {
    expect(reasonsAgainst({ ...question, hasImages: false })).toEqual([])
    expect(reasonsAgainst({ ...question, hasImages: false, request: { image: 'ubuntu' } })).toHaveLength(1)
  })
})

describe('an image rule', () => {
  it('knows an image by its full name', () => {
    expect(fullImageName('ubuntu')).toBe('docker.io/library/ubuntu:latest')
    expect(fullImageName('me/tool:1')).toBe('docker.io/me/tool:1')
    expect(fullImageName('localhost:5000/x')).toBe('localhost:5000/x:latest')
    expect(fullImageName(`ghcr.io/a/b@${digest}`)).toBe(`ghcr.io/a/b@${digest}`)
  })

  it.each([
    ['ubuntu', 'ubuntu:22.04', true],
    ['ubuntu', 'docker.io/library/ubuntu', true],
    ['ubuntu:22.04', 'ubuntu:24.04', false],
    ['ubuntu', 'ubuntu-evil', false],
    ['ghcr.io/me/*', 'ghcr.io/me/a/b', false],
    ['ghcr.io/me/**', 'ghcr.io/me/a/b:1', true],
    ['ghcr.io/me/*', `ghcr.io/me/a@${digest}`, true],
    ['ghcr.io/me/a:1', `ghcr.io/me/a:1@${digest}`, false],
    [digest, `whatever/x@${digest}`, true],
    [digest, 'whatever/x', false],
    ['*', 'anything/at:all', true],
    ['ghcr.io/me/a.c', 'ghcr.io/me/abc', false],
    ['ghcr.io/me/*', 'ghcr.io.evil.example/me/a', false],
    ['docker.io/**', 'Registry/me/a', false],
  ])('%s lets %s through: %s', (rule, image, isAllowed) => {
    expect(isImageAllowed(image, [rule])).toBe(isAllowed)
  })
})
