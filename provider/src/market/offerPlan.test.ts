// What is sent so that the offers on the chain are those of the market file.
import * as offerBook from '@worldland-aa/sdk/abi/offerBook'
import type { Offer } from '@worldland-aa/sdk/actions/market/offer'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { decodeFunctionData, parseEther } from 'viem'
import { expect, it } from 'vitest'
import { marketSchema, type WantedOffer } from './marketSchema.ts'
import { offerCalls, specHashOf } from './offerPlan.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as const
const contracts = {
  offerBook: address('1'),
  instanceLease: address('2'),
  serverlessSession: address('3'),
} as ComputeContracts
const { offers } = marketSchema.parse({
  ...{ name: 'p', metadataUri: 'https://p.example', stakeWei: '1ether' },
  offers: [
    {
      ...{ name: 'a', gpuModel: 'RTX', vramGiB: 24, region: 'KR', capacityUnits: 2, pricePerHour: '0.36' },
      ...{ bondPerUnitWei: '5ether', minimumSeconds: 60, maximumSeconds: 3600 },
    },
  ],
})
const wanted = offers[0] as WantedOffer

const posted: Offer = {
  ...{ offerId: 7n, provider: address('9'), market: contracts.instanceLease, kind: 'instance' },
  ...{ gpuModel: 'RTX', gpuCount: 1, vramGiB: 24, region: 'KR', capacityUnits: 2, freeUnits: 2 },
  pricePerSecondWei: parseEther('0.36') / 3600n,
  bondPerUnitWei: parseEther('5'),
  ...{ minimumSeconds: 60, maximumSeconds: 3600, paused: false, uri: '', specHash: specHashOf(wanted) },
}

function plan(
  present: readonly Offer[],
  options: { isDraining?: boolean; wanted?: readonly WantedOffer[] } = {},
) {
  const calls = offerCalls({
    contracts,
    wanted: options.wanted ?? [wanted],
    present,
    isDraining: options.isDraining ?? false,
  })
  const abi = [offerBook.postOffer, offerBook.updateOffer, offerBook.setPaused]
  return calls.map(({ data }) => {
    const { functionName, args } = decodeFunctionData({ abi, data })
    return [functionName, ...args.filter(argument => typeof argument !== 'object')]
  })
}

it('posts what is missing, and leaves alone what is there', () => {
  expect(plan([])).toEqual([['postOffer']])
  expect(plan([posted])).toEqual([])
})

it('updates what may change, and pauses what may not and posts it anew', () => {
  expect(plan([{ ...posted, capacityUnits: 4 }])).toEqual([['updateOffer', 7n]])
  expect(plan([{ ...posted, bondPerUnitWei: 1n }])).toEqual([['setPaused', 7n, true], ['postOffer']])
})

it('pauses what the file holds no more, also what somebody posted by hand, once', () => {
  expect(plan([posted], { wanted: [] })).toEqual([['setPaused', 7n, true]])
  expect(plan([{ ...posted, paused: true }], { wanted: [] })).toEqual([])
})

it('sells nothing new while draining, and goes on afterwards', () => {
  expect(plan([posted], { isDraining: true })).toEqual([['setPaused', 7n, true]])
  expect(plan([], { isDraining: true })).toEqual([])
  expect(plan([{ ...posted, paused: true }])).toEqual([['setPaused', 7n, false]])
})
