// Who runs operations for validation and estimates: an EVM of our own or the node, as --tracer says.
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Node } from '@worldland-aa/service/chain/connectNode'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { StateReaderName } from '../chainState/chooseStateReader.ts'
import { isDevelopmentNode } from '../chainState/isDevelopmentNode.ts'
import type { TracerName } from '../checkNode.ts'
import { nodeCallTracer } from '../estimation/callTracer.ts'
import { createEstimator, type Estimator } from '../estimation/estimator.ts'
import { nodeWorkplace } from '../turns/nodeWorkplace.ts'
import type { Workplace } from '../turns/turns.ts'
import { type EntitySource, nodeEntities } from '../validation/entityState.ts'
import { createJudge, type Judge, type JudgeOptions } from '../validation/judge.ts'
import { createDebugTracer } from '../validation/tracers/debug.ts'
import { createNativeTracer } from '../validation/tracers/native.ts'
import type { Tracer } from '../validation/tracers/tracer.ts'
import { estimatorOptionsFrom } from './estimatorOptionsFrom.ts'
import { createWorkerEngine } from './workerEngine.ts'

export type Execution = Part & {
  readonly judge: Judge
  readonly estimator: Estimator
  /** For questions about one operation's facts. */
  readonly tracer: Tracer
  readonly entities: EntitySource
  readonly workplace: Workplace
  onChainUpdate(update: ChainUpdate): void
}

/** Opcodes of one validation: a tenth of a second or so. */
const validationStepLimit = 1_000_000

export async function chooseExecution(options: {
  tracer: TracerName
  /** How an EVM of our own reads the node's state; undefined where the node traces. */
  stateReader: StateReaderName | undefined
  node: Node
  rpcUrl: string
  judgeOptions: JudgeOptions
  threads: number
  logger: Logger
}): Promise<Execution> {
  const { node, judgeOptions, stateReader } = options
  if (stateReader === undefined) {
    const { unbatched } = node
    const tracer =
      options.tracer === 'debug'
        ? createDebugTracer({ client: unbatched })
        : createNativeTracer({ client: unbatched })
    const entities = nodeEntities(node.client, judgeOptions.entryPoint)
    return {
      name: 'execution',
      judge: createJudge({ ...judgeOptions, tracer, entities }),
      estimator: createEstimator({
        ...estimatorOptionsFrom(judgeOptions),
        tracer: nodeCallTracer(node.client),
      }),
      tracer,
      entities,
      workplace: nodeWorkplace,
      onChainUpdate() {},
      async start() {},
      async stop() {},
    }
  }
  const engine = createWorkerEngine({
    ...judgeOptions,
    rpcUrl: options.rpcUrl,
    stateReader,
    stepLimit: validationStepLimit,
    isDevelopmentNode: await isDevelopmentNode(node.client),
    threads: options.threads,
    logger: options.logger,
  })
  const { name, onChainUpdate, start, stop } = engine
  return {
    name,
    judge: engine,
    estimator: engine,
    tracer: { name: 'local', trace: engine.trace },
    entities: engine.entities,
    workplace: engine.workplace,
    onChainUpdate,
    start,
    stop,
  }
}
