// What is told of a voucher that the chain would not redeem: nothing, where it has been redeemed meanwhile.
import * as serverlessSession from '@worldland-aa/sdk/abi/serverlessSession'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { createLogger } from '@worldland-aa/service/logger'
import { createRegistry } from '@worldland-aa/service/metrics'
import {
  type Address,
  createPublicClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  type Hex,
  type PublicClient,
} from 'viem'
import { expect, it } from 'vitest'
import { payerOf } from './lane.ts'
import { createPaymentMetrics } from './paymentMetrics.ts'
import { sumOf } from './paymentView.ts'
import { createRedemption } from './redemption.ts'
import type { LaneStanding } from './redemptionPlan.ts'
import { createUnpaidVouchers } from './unpaidVouchers.ts'

const signer: Address = `0x${'33'.repeat(20)}`
const hash: Hex = `0x${'01'.repeat(32)}`
const amounts = { cumulativeWei: 10n ** 18n, sequence: 7n, units: 1n }
const payer = payerOf({ sessionId: 1n, rightId: 2n })
const voucher = { sessionId: 1n, rightId: 2n, receiptsRoot: hash, ...amounts }
const standing: LaneStanding = {
  account: {
    ...{ payer, pricePerSecondWei: 1n, takenAtBlock: 1n, usedMilliseconds: 0n, redeemedWei: 0n },
    signed: { voucher, signer, signature: '0x' },
  },
  ...{ payableWei: 10n ** 18n, isEnding: true, isContract: false, waitedBlocks: 0n },
}

/** A node that would pay nothing, at which the lane stands as given. */
async function refusalsWhere(redeemed: typeof amounts): Promise<number> {
  const abi = [serverlessSession.redeemMany, serverlessSession.laneOf]
  const request = async ({ method, params }: { readonly method: string; readonly params?: unknown }) => {
    if (method !== 'eth_call') return '0x1'
    const [{ data }] = params as [{ readonly data: Hex }]
    const { functionName } = decodeFunctionData({ abi, data })
    return functionName === 'redeemMany'
      ? encodeFunctionResult({ abi, functionName, result: [0n] })
      : encodeFunctionResult({ abi, functionName, result: redeemed })
  }
  let refusals = 0
  const redemption = createRedemption({
    client: createPublicClient({ transport: custom({ request }) }) as PublicClient,
    contracts: { serverlessSession: signer } as Partial<ComputeContracts> as ComputeContracts,
    sender: {
      address: signer,
      submit: () => Promise.reject(new Error('Nothing is to be sent')),
      forsake: async () => undefined,
    },
    book: { noteShown: () => undefined },
    standings: { look: async () => [standing], lookAgain: () => undefined, lookAtAll: () => undefined },
    unpaid: createUnpaidVouchers(() => undefined),
    isDraining: () => false,
    metrics: {
      ...createPaymentMetrics(createRegistry(), () => sumOf({ all: () => [] })),
      redemptionRefused: () => void refusals++,
    },
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
  const head = { number: 9n, hash, parentHash: hash, timestamp: 0n, baseFeePerGas: 0n, gasLimit: 30_000_000n }
  redemption.onChainUpdate({ removed: [], added: [head], head })
  await redemption.settled()
  expect(redemption.problem()).toBeUndefined()
  return refusals
}

it('tells of a voucher that the chain would not redeem, unless an earlier life of the daemon has had it redeemed', async () => {
  expect(await refusalsWhere({ cumulativeWei: 0n, sequence: 0n, units: 0n })).toBe(1)
  expect(await refusalsWhere(amounts)).toBe(0)
})
