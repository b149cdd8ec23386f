// A thread that does nothing but execute and judge. It asks the node itself: every message from thread to thread is
// copied twice, and waits for a processor twice.
import { parentPort, workerData } from 'node:worker_threads'
import { createNodeClient } from '@worldland-aa/service/chain/connectNode'
import { type StateReaderName, stateReaders } from '../chainState/chooseStateReader.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { createEstimator } from '../estimation/estimator.ts'
import { createJudge, type Judge, type JudgeOptions } from '../validation/judge.ts'
import { createLocalTracer } from '../validation/tracers/local.ts'
import { createEngine, type Engine, type EngineOptions } from './engine.ts'
import { estimatorOptionsFrom } from './estimatorOptionsFrom.ts'
import { freshOnFailure } from './freshOnFailure.ts'
import { openChannel } from './workerChannel.ts'

export type ThreadOptions = Omit<EngineOptions, 'reader'> &
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
const engine = createEngine({ ...options, reader })
const judge = createJudge({ ...options, tracer: createLocalTracer(engine), stateCall: engine.call })
const version = entryPointVersions[options.entryPointVersion]
const both: Engine & Judge = {
  ...engine,
  ...judge,
  trace: request => engine.trace({ ...request, version }),
}
const handlers = options.isDevelopmentNode ? freshOnFailure(both) : both
const estimator = createEstimator({ ...estimatorOptionsFrom(options), tracer: handlers })
openChannel(parentPort, { ...handlers, ...estimator })
