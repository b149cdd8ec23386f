// Who pays in a measurement: each client by a session of its own, with vouchers that are signed before the clock runs.

import { createVoucherDigest } from '@worldland-aa/provider/payment/voucherDigest'
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { toBase64Json, toWireVoucher } from '@worldland-aa/sdk/serving/voucherWire'
import { signDigest } from '@worldland-aa/service/crypto/signDigest'
import { type Address, encodeFunctionData, type Hex, parseEventLogs, zeroHash } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import type { DeploymentClient } from '../../deploy/deploymentClient.ts'
import { sendTransactions } from '../../deploy/sendTransactions.ts'

export type GatewayPayer = {
  readonly sessionId: bigint
  /** The next voucher, as the header's value. */
  nextVoucher(): string
}

const sessionSeconds = 4 * 3_600
/** Signed beyond the reserve of one request before the first. */
const aheadMilliseconds = 30_000n
/** More than a no-op takes, from its take to its end, when all is busy. */
const millisecondsPerRequest = 250n

/** The funder opens a session for each, with a key of its own that signs as many vouchers as it has requests. */
export async function openPayers(
  funder: DeploymentClient,
  options: {
    readonly contracts: ComputeContracts
    readonly offerId: bigint
    readonly pricePerSecondWei: bigint
    /** Of each. */
    readonly requests: readonly number[]
  },
): Promise<readonly GatewayPayer[]> {
  const { contracts, offerId, pricePerSecondWei, requests } = options
  const count = requests.length
  const budgetWei =
    (pricePerSecondWei *
      (aheadMilliseconds + BigInt(Math.max(...requests) + 1) * millisecondsPerRequest + 60_000n)) /
    1_000n
  const token = { abi: computeTokenAbi } as const
  const total = budgetWei * BigInt(count)
  await sendTransactions(funder, [
    {
      to: contracts.token,
      data: encodeFunctionData({ ...token, functionName: 'depositTo', args: [funder.account.address] }),
      value: total,
    },
    {
      to: contracts.token,
      data: encodeFunctionData({
        ...token,
        functionName: 'approve',
        args: [contracts.serverlessSession, total],
      }),
    },
  ])
  const keys = Array.from({ length: count }, generatePrivateKey)
  const expires = Number((await funder.getBlock()).timestamp) + sessionSeconds
  const fromBlock = await funder.getBlockNumber()
  await sendTransactions(
    funder,
    keys.map(key => ({
      to: contracts.serverlessSession,
      data: encodeFunctionData({
        abi: serverlessSessionAbi,
        functionName: 'open',
        args: [offerId, budgetWei, pricePerSecondWei, privateKeyToAddress(key), expires],
      }),
    })),
  )
  const logs = parseEventLogs({
    abi: serverlessSessionAbi,
    eventName: 'SessionOpened',
    logs: await funder.getLogs({ address: contracts.serverlessSession, fromBlock }),
  })
  const chainId = funder.chain.id
  return keys.map((key, at) => {
    const sessionId = logs[at]?.args.sessionId
    if (sessionId === undefined) throw new Error('A session of the measurement was not opened')
    const vouchers = signVouchers(key, {
      contracts,
      chainId,
      sessionId,
      pricePerSecondWei,
      requests: requests[at] ?? 0,
    })
    return {
      sessionId,
      nextVoucher() {
        const next = vouchers.pop()
        if (next === undefined) throw new Error('A client of the measurement has no voucher left')
        return next
      },
    }
  })
}

/** The last one first. */
function signVouchers(
  key: Hex,
  of: {
    readonly contracts: ComputeContracts
    readonly chainId: number
    readonly sessionId: bigint
    readonly pricePerSecondWei: bigint
    readonly requests: number
  },
): string[] {
  const digestOf = createVoucherDigest(of)
  const signer: Address = privateKeyToAddress(key)
  const { sessionId, pricePerSecondWei } = of
  const rightId = rootRightOf({ market: of.contracts.serverlessSession, agreementId: sessionId })
  const signed = Array.from({ length: of.requests }, (_, at) => {
    const milliseconds = aheadMilliseconds + BigInt(at) * millisecondsPerRequest
    const voucher = {
      ...{ sessionId, rightId, receiptsRoot: zeroHash, sequence: BigInt(at + 1) },
      cumulativeWei: (pricePerSecondWei * milliseconds) / 1_000n,
      units: (milliseconds + 999n) / 1_000n,
    }
    return toBase64Json(toWireVoucher({ voucher, signer, signature: signDigest(key, digestOf(voucher)) }))
  })
  return signed.reverse()
}
