// The door: every method this node answers, by its wire name. Each checks its parameters, asks one
// stage, and puts the answer into wire form; nothing is decided here.
import type { RpcMethod, RpcMethods } from '@worldland-aa/service/jsonRpc/protocol'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Estimation } from '../estimation/estimation.ts'
import type { Explainer } from '../explanation/explainer.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Receipts } from '../receipt/receipt.ts'
import { type RefusalTally, tallied } from '../status/refusalTally.ts'
import type { Fees } from '../submission/fees.ts'
import type { Turns } from '../turns/turns.ts'
import type { HeadSource } from '../validation/headSource.ts'
import type { Validation } from '../validation/validation.ts'
import { eth_chainId } from './eth_chainId.ts'
import { eth_estimateUserOperationGas } from './eth_estimateUserOperationGas.ts'
import { eth_getUserOperationByHash } from './eth_getUserOperationByHash.ts'
import { eth_getUserOperationReceipt } from './eth_getUserOperationReceipt.ts'
import { eth_sendUserOperation } from './eth_sendUserOperation.ts'
import { eth_supportedEntryPoints } from './eth_supportedEntryPoints.ts'
import { forwardToPaymaster, paymasterMethods } from './forwardToPaymaster.ts'
import type { PromiseSource } from './inclusionPromises.ts'
import { gasPriceMethods, pimlico_getUserOperationGasPrice } from './pimlico_getUserOperationGasPrice.ts'
import { pimlico_getUserOperationStatus } from './pimlico_getUserOperationStatus.ts'
import { web3_clientVersion } from './web3_clientVersion.ts'
import { worldland_explainUserOperation } from './worldland_explainUserOperation.ts'
import { worldland_getInclusionPromise } from './worldland_getInclusionPromise.ts'
import { worldland_sendUserOperation } from './worldland_sendUserOperation.ts'

export type Stages = {
  readonly chain: HeadSource
  readonly validation: Validation
  readonly estimation: Estimation
  readonly mempool: Mempool
  readonly fees: Fees
  readonly receipts: Receipts
  readonly explainer: Explainer
  readonly turns: Turns
}

export type RpcOptions = {
  readonly stages: Stages
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly nodeVersion: string
  readonly paymasterUrl: string | undefined
  /** Undefined where nobody promises anything. */
  readonly promises: PromiseSource | undefined
  /** Counts why operations are turned away. */
  readonly refusals: RefusalTally
  /** worldland_getBundlerStatus. */
  readonly status: RpcMethod
  /** debug_bundler_*, where the operator asks for it. */
  readonly debug: RpcMethods | undefined
}

export function createRpcMethods(options: RpcOptions): RpcMethods {
  const { stages, entryPoint, version, chainId, promises } = options
  const send = tallied(eth_sendUserOperation({ ...stages, entryPoint, version, chainId }), options.refusals)
  return {
    eth_sendUserOperation: send,
    eth_estimateUserOperationGas: eth_estimateUserOperationGas({ ...stages, entryPoint, version }),
    eth_getUserOperationByHash: eth_getUserOperationByHash(stages),
    eth_getUserOperationReceipt: eth_getUserOperationReceipt(stages),
    eth_supportedEntryPoints: eth_supportedEntryPoints(entryPoint),
    eth_chainId: eth_chainId(chainId),
    web3_clientVersion: web3_clientVersion(options.nodeVersion),
    ...Object.fromEntries(gasPriceMethods.map(name => [name, pimlico_getUserOperationGasPrice(stages)])),
    pimlico_getUserOperationStatus: pimlico_getUserOperationStatus(stages),
    worldland_explainUserOperation: worldland_explainUserOperation({
      ...{ ...stages, promises, chainId, entryPoint, version },
    }),
    worldland_sendUserOperation: worldland_sendUserOperation({ send, promises, chainId }),
    worldland_getInclusionPromise: worldland_getInclusionPromise({ promises, chainId }),
    ...Object.fromEntries(
      paymasterMethods.map(method => [method, forwardToPaymaster(method, options.paymasterUrl)]),
    ),
    worldland_getBundlerStatus: options.status,
    ...options.debug,
  }
}
