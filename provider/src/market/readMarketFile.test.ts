// The market file: what a provider writes, and how its mistakes are told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readMarketFile } from './readMarketFile.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'market-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const offer = {
  ...{ name: 'a', gpuModel: 'RTX', vramGiB: 24, region: 'KR', capacityUnits: 2, pricePerHour: '0.5' },
  ...{ bondPerUnitWei: '5ether', minimumSeconds: 60, maximumSeconds: 3600 },
}
const market = { name: 'p', metadataUri: 'https://p.example', stakeWei: '100ether', offers: [offer] }

function read(content: unknown) {
  const path = join(folder, 'provider.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  const outcome = readMarketFile(path)
  return outcome.ok ? outcome.value : outcome.refusal.replaceAll(`${path}: `, '')
}

it('fills in what was left out', () => {
  expect(read(market)).toMatchObject({
    stakeWei: 100n * 10n ** 18n,
    offers: [{ kind: 'instance', gpus: 1, bondPerUnitWei: 5n * 10n ** 18n }],
    accept: {},
    endpoints: [],
  })
})

it('takes an endpoint of one offer or of several', () => {
  const serverless = { ...offer, name: 'b', kind: 'serverless' }
  const endpoints = [
    { id: 'llama', offer: 'b' },
    { id: 'flux', offer: ['b'], maximumWorkers: 3 },
  ]
  expect(read({ ...market, offers: [offer, serverless], endpoints })).toMatchObject({
    endpoints: [{ offer: ['b'], minimumWorkers: 0, maximumWorkers: 1 }, { maximumWorkers: 3 }],
  })
})

it('offers leases for no longer than it accepts them, so that none is extended beyond that', () => {
  const serverless = { ...offer, name: 'b', kind: 'serverless' }
  const short = { ...offer, name: 'c', maximumSeconds: 90 }
  const offers = [offer, serverless, short]
  expect(read({ ...market, offers, accept: { maximumSeconds: 600 } })).toMatchObject({
    offers: [{ maximumSeconds: 600 }, { maximumSeconds: 3600 }, { maximumSeconds: 90 }],
  })
})

it.each([
  ['{', /is not JSON/],
  [{ ...market, offres: [] }, /^the file has no field "offres": mend its name, or take it out$/],
  [{ ...market, stakeWei: 'much' }, /^stakeWei must be an amount such as/],
  [{ ...market, metadataUri: 'https://p.example#x' }, /^metadataUri must have no fragment/],
  [{ ...market, payout: '0x12' }, /^payout must be an address/],
  [
    { ...market, offers: [{ ...offer, pricePerHour: 0.5 }] },
    /^offers\[0\].pricePerHour must be text such as "0.5"/,
  ],
  [
    { ...market, offers: [{ ...offer, pricePerHour: '0.000000000000000001' }] },
    /less than one token wei a second/,
  ],
  [
    { ...market, offers: [{ ...offer, maximumSeconds: 1 }] },
    /^offers\[0\].maximumSeconds must not be less than/,
  ],
  [{ ...market, offers: [offer, offer] }, /^offers\[1\].name is another offer's too: "a"$/],
  [
    { ...market, endpoints: [{ id: 'x', offer: 'a' }] },
    /^endpoints\[0\].offer names "a", which is no serverless/,
  ],
  [
    { ...market, accept: { maximumSeconds: 59 } },
    /^accept.maximumSeconds is less than minimumSeconds of offer "a": nobody could rent it$/,
  ],
  [{ ...market, accept: { payers: { allow: ['me'] } } }, /^accept.payers.allow\[0\] must be an address/],
])('says where %j is wrong', (content, sentence) => {
  expect(read(content)).toMatch(sentence)
})
