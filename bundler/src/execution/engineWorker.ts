// A thread that does nothing but execute and judge. It asks the node itself: every message from thread to thread is
// copied twice, and waits for a processor twice.
import { parentPort, workerData } from 'node:worker_threads'
import type { Block } from '@worldland-aa/service/chain/block'
import { createNodeClient } from '@worldland-aa/service/chain/connectNode'
import type { Result } from '@worldland-aa/service/result'
import { type StateReaderName, stateReaders } from '../chainState/chooseStateReader.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { createEstimator, type EstimateRequest, type GasEstimate } from '../estimation/estimator.ts'
import type { EntitySource } from '../validation/entityState.ts'
import { createJudge, type Judge, type JudgeOptions } from '../validation/judge.ts'
import type { Trace } from '../validation/trace.ts'
import { createLocalTracer } from '../validation/tracers/local.ts'
import type { TraceRequest } from '../validation/tracers/tracer.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { boundedTracer } from './boundedTracer.ts'
import { createEngine, type Engine, type EngineOptions } from './engine.ts'
import { estimatorOptionsFrom } from './estimatorOptionsFrom.ts'
import { freshOnFailure } from './freshOnFailure.ts'
import { openChannel } from './workerChannel.ts'
import { type Measured, WorkMeter } from './workMeter.ts'

export type ThreadOptions = Omit<EngineOptions, 'reader' | 'onWork'> &
  JudgeOptions & {
    readonly rpcUrl: string
    readonly stateReader: StateReaderName
    /** Its state may change between two blocks. */
    readonly isDevelopmentNode: boolean
  }

if (parentPort === null) throw new Error('This is started as a worker, not by hand')
const options = workerData as ThreadOptions
const client = createNodeClient(options.rpcUrl, options.chainId)
const reader = stateReaders[options.stateReader](client)
const meter = new WorkMeter()
const engine = createEngine({ ...options, reader, onWork: meter.add })
const version = entryPointVersions[options.entryPointVersion]
const { entryPoint } = options
const entities: EntitySource = request => engine.entities({ ...request, entryPoint, version })
const judge = createJudge({ ...options, tracer: createLocalTracer(engine), entities })
const both: Engine & Judge = {
  ...engine,
  ...judge,
  trace: request => engine.trace({ ...request, version }),
}
const handlers = options.isDevelopmentNode ? freshOnFailure(both) : both
const estimatorOptions = estimatorOptionsFrom(options)
openChannel(parentPort, {
  ...handlers,
  entities,
  trace: measured<[TraceRequest], Trace>(handlers.trace, ({ userOperation }) => userOperation),
  judge: measured(handlers.judge, userOperation => userOperation),
  async estimateAt(block: Block, request: EstimateRequest): Promise<Measured<Result<GasEstimate>>> {
    const tracer = boundedTracer(handlers, meter)
    const estimator = createEstimator({ ...estimatorOptions, tracer })
    const answer = await estimator.estimateAt(block, request)
    return { answer, milliseconds: tracer.milliseconds() }
  },
})

function measured<Parameters extends readonly unknown[], Answer>(
  work: (...parameters: Parameters) => Promise<Answer>,
  operationOf: (...parameters: Parameters) => UserOperation,
): (...parameters: Parameters) => Promise<Measured<Answer>> {
  return async (...parameters) => {
    const answer = await work(...parameters)
    return { answer, milliseconds: meter.spentOn(operationOf(...parameters)) }
  }
}
