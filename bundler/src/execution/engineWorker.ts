// A thread that does nothing but execute and judge; the node is asked by the thread that started it.
import { parentPort, workerData } from 'node:worker_threads'
import type { StateAnswer } from '../chainState/stateQuery.ts'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { createEstimator } from '../estimation/estimator.ts'
import { createJudge, type Judge, type JudgeOptions } from '../validation/judge.ts'
import { createLocalTracer } from '../validation/tracers/local.ts'
import { createEngine, type Engine, type EngineOptions } from './engine.ts'
import { estimatorOptionsFrom } from './estimatorOptionsFrom.ts'
import { freshOnFailure } from './freshOnFailure.ts'
import { openChannel } from './workerChannel.ts'

if (parentPort === null) throw new Error('This is started as a worker, not by hand')
const options = workerData as Omit<EngineOptions, 'read'> & JudgeOptions & { isDevelopmentNode: boolean }
const engine = createEngine({
  ...options,
  read: (block, query) => channel.call<StateAnswer>('read', block, query),
})
const judge = createJudge({ ...options, tracer: createLocalTracer(engine), stateCall: engine.call })
const version = entryPointVersions[options.entryPointVersion]
const both: Engine & Judge = {
  ...engine,
  ...judge,
  trace: request => engine.trace({ ...request, version }),
}
const handlers = options.isDevelopmentNode ? freshOnFailure(both) : both
const estimator = createEstimator({ ...estimatorOptionsFrom(options), tracer: handlers })
const channel = openChannel(parentPort, { ...handlers, ...estimator })
