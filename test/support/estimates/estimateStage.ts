// A London chain with the suite's contracts, and estimation as the bundler composes it: by our own EVM, on what it reads
// of the node. Beside it the same by the node's debug_traceCall.

import { createProgramReader } from '@worldland-aa/bundler/chainState/programReader'
import { StateStore } from '@worldland-aa/bundler/chainState/stateStore'
import { londonEvm } from '@worldland-aa/bundler/chains/evmLevel'
import { entryPoint07 } from '@worldland-aa/bundler/entryPoint/entryPoint07'
import { type CallTracer, nodeCallTracer } from '@worldland-aa/bundler/estimation/callTracer'
import { createEstimation, type Estimation } from '@worldland-aa/bundler/estimation/estimation'
import { createEstimator } from '@worldland-aa/bundler/estimation/estimator'
import { createPreVerificationGas } from '@worldland-aa/bundler/estimation/preVerificationGas'
import { createEngine, type Engine } from '@worldland-aa/bundler/execution/engine'
import type { HeadSource } from '@worldland-aa/bundler/validation/headSource'
import { defaultValidationLimits } from '@worldland-aa/bundler/validation/limits'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Block } from '@worldland-aa/service/chain/block'
import { createLogger } from '@worldland-aa/service/logger'
import { type Address, type Hex, numberToHex } from 'viem'
import type { TestChain } from '../chain.ts'

export type EstimateStage = {
  readonly chain: TestChain
  readonly engine: Engine
  /** The state of its newest blocks, for runs of one's own. */
  readonly states: StateStore
  /** How much was asked of what since the last look. */
  readonly counts: { executions: number; questions: number; polls: number }
  readonly byEngine: Estimation
  readonly byNode: Estimation
  head(): Block
  /** Mines what was changed by hand into a block, and looks at it. */
  settle(): Promise<Block>
  /** Puts code at a fresh address. */
  place(code: Hex, storage?: readonly bigint[]): Promise<Address>
}

export async function createEstimateStage(chain: TestChain): Promise<EstimateStage> {
  const { client } = chain
  const counts = { executions: 0, questions: 0, polls: 0 }
  const reader = createProgramReader(client)
  const engine = createEngine({
    reader: {
      ...reader,
      async read(block, query) {
        counts.questions++
        return await reader.read(block, query)
      },
    },
    chainId: 103,
    evm: londonEvm,
    stepLimit: 1_000_000,
  })
  let head = await headOf(chain)
  const source: HeadSource = {
    head: () => head,
    async poll() {
      counts.polls++
      head = await headOf(chain)
    },
    shortfall: () => undefined,
  }
  const version = entryPoint07
  const limits = { ...defaultValidationLimits, maxVerificationGas: 2_000_000n, maxOperationGas: 12_000_000n }
  const estimationBy = (tracer: CallTracer): Estimation =>
    createEstimation({
      estimator: createEstimator({
        tracer: {
          ...tracer,
          async traceCall(request) {
            counts.executions++
            return await tracer.traceCall(request)
          },
        },
        version,
        entryPoint: entryPoint07Address,
        limits,
        preVerificationGas: createPreVerificationGas({ bundleSize: 1, version, fork: 'london' }),
      }),
      version,
      chain: source,
      limits,
      logger: createLogger({ name: 'test', level: 'silent' }),
    })
  let lastAddress = 0xc0de_0000_0000n
  return {
    chain,
    engine,
    states: new StateStore(reader),
    counts,
    byEngine: estimationBy(engine),
    byNode: estimationBy(nodeCallTracer(client)),
    head: () => head,
    async settle() {
      await chain.anvil.mine({ blocks: 1 })
      head = await headOf(chain)
      return head
    },
    async place(bytecode, storage = []) {
      lastAddress += 1n
      const address = numberToHex(lastAddress, { size: 20 })
      await chain.anvil.setCode({ address, bytecode })
      for (const [slot, value] of storage.entries()) {
        await chain.anvil.setStorageAt({ address, index: slot, value: numberToHex(value, { size: 32 }) })
      }
      return address
    },
  }
}

async function headOf({ client }: TestChain): Promise<Block> {
  const { number, hash, parentHash, timestamp, baseFeePerGas, gasLimit } = await client.getBlock()
  return { number, hash, parentHash, timestamp, baseFeePerGas: baseFeePerGas ?? 0n, gasLimit }
}
