// The methods that a wallet calls, as a transport for an unmodified client: what goes in and out is JSON.
import { systemClock } from '@worldland-aa/service/clock'
import { createRateLimiter } from '@worldland-aa/service/http/rateLimiter'
import { createLogger } from '@worldland-aa/service/logger'
import { testCall } from '@worldland-aa/service/testing/testCall'
import { type CustomTransport, custom } from 'viem'

import { nodeCallTracer } from '../../estimation/callTracer.ts'
import { createEstimation } from '../../estimation/estimation.ts'
import { createEstimator } from '../../estimation/estimator.ts'
import { createPreVerificationGas } from '../../estimation/preVerificationGas.ts'
import type { BundlerCore } from '../../testing/bundlerCore.ts'
import { nodeWorkplace } from '../../turns/nodeWorkplace.ts'
import { createTurns } from '../../turns/turns.ts'
import { defaultValidationLimits } from '../../validation/limits.ts'
import type { TestChain } from '../../validation/testing/testChain.ts'
import type { ValidationHarness } from '../../validation/testing/validationHarness.ts'
import { eth_chainId } from '../eth_chainId.ts'
import { eth_estimateUserOperationGas } from '../eth_estimateUserOperationGas.ts'
import { eth_getUserOperationByHash } from '../eth_getUserOperationByHash.ts'
import { eth_getUserOperationReceipt } from '../eth_getUserOperationReceipt.ts'
import { eth_sendUserOperation } from '../eth_sendUserOperation.ts'

export function walletDoor(
  chain: TestChain,
  { validation, source }: ValidationHarness,
  { mempool, receipts }: BundlerCore,
): CustomTransport {
  const { entryPoint, version, hardfork: fork } = chain
  const chainId = 103
  const limits = { ...defaultValidationLimits, maxVerificationGas: 1_000_000n, maxOperationGas: 12_000_000n }
  const estimation = createEstimation({
    estimator: createEstimator({
      tracer: nodeCallTracer(chain.client),
      entryPoint,
      version,
      limits,
      preVerificationGas: createPreVerificationGas({ bundleSize: 1, version, fork }),
    }),
    version,
    chain: source,
    limits,
    authorizations: { chainId, fork },
    logger: createLogger({ name: 'test', level: 'silent' }),
  })
  const turns = createTurns({
    workplace: nodeWorkplace,
    unpaidTime: createRateLimiter({ perSecond: 0, clock: systemClock }),
  })
  const methods = {
    eth_chainId: eth_chainId(chainId),
    eth_sendUserOperation: eth_sendUserOperation({
      chain: source,
      validation,
      mempool,
      turns,
      entryPoint,
      version,
      chainId,
    }),
    eth_estimateUserOperationGas: eth_estimateUserOperationGas({ estimation, turns, entryPoint, version }),
    eth_getUserOperationByHash: eth_getUserOperationByHash({ receipts }),
    eth_getUserOperationReceipt: eth_getUserOperationReceipt({ receipts }),
  }
  return custom(
    {
      async request({ method, params = [] }: { method: keyof typeof methods; params?: readonly unknown[] }) {
        const answer = await methods[method](JSON.parse(JSON.stringify(params)), testCall)
        if (answer.ok) return answer.value
        throw Object.assign(new Error(answer.refusal.message), answer.refusal)
      },
    },
    { retryCount: 0 },
  )
}
