// The promises of this node and of others, with what they need to know of the registry and of the node.
import type { Hex } from 'viem'
import { authorizationsOf, encodeBundle, type Simulation, simulateHandleOps } from '../bundling/handleOps.ts'
import { bundleOverheadGas, createOperationCost } from '../bundling/operationCost.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { SignedInclusionPromise } from './gossip/messages.ts'
import type { ParticipationOptions } from './participation.ts'
import { createPromises, type Promises } from './promises/promises.ts'
import type { OperatorAccount } from './registry/operatorAccount.ts'
import type { RegistryView } from './registry/registry.ts'

export function openPromises(
  options: ParticipationOptions & {
    readonly nodeKey: Hex
    readonly view: RegistryView
    readonly operator: OperatorAccount | undefined
    readonly isBehind: () => boolean
    readonly publish: (promise: SignedInclusionPromise) => void
  },
): Promises {
  const { config, client, entryPoint, version, chain, profile, bundlingLimits, view } = options
  const { membership, schedule } = view
  const costOf = createOperationCost({ ...options, isGuarded: config.bundleGuard !== undefined })

  async function simulate(validated: ValidatedOperation): Promise<Simulation> {
    const [from = entryPoint] = options.executors
    const data = encodeBundle(version, [validated], from)
    const gas = bundleOverheadGas + costOf(validated).gasLimit
    const call = { from, to: entryPoint, data, gas, authorizations: authorizationsOf([validated]) }
    return await simulateHandleOps(client, call, version, { blockHash: chain.head().hash })
  }

  return createPromises({
    ...options,
    network: {
      terms() {
        const terms = view.terms()
        if (terms === undefined) return undefined
        const { court, promiseFineWei: fineWei, challengeDepositWei, challengeBlocks, answerBlocks } = terms
        return { court, fineWei, challengeDepositWei, challengeBlocks, answerBlocks }
      },
      schedule: () => (view.terms() === undefined ? undefined : schedule),
      ownId() {
        const own = membership.own()
        // What is signed on the way out is worth nothing.
        return own === undefined || own.exitBlock !== 0n ? undefined : own.bundlerId
      },
      isBehind: options.isBehind,
      nodeKeyOf: bundlerId => membership.bundler(bundlerId)?.nodeKey,
    },
    limits: {
      ...bundlingLimits,
      marginBlocks: config.promiseMarginBlocks,
      mempoolCapacity: config.maxMempoolOperations,
      blockTimeSeconds: profile.blockTimeSeconds,
    },
    costOf,
    // The court passes what it is shown to EntryPoint v0.7.
    isOn: config.promises && version.number === '0.7',
    finalityBlocks: profile.finalityBlocks,
    simulate,
  })
}
