// A thread that does nothing but execute; the node is asked by the thread that started it.
import { parentPort, workerData } from 'node:worker_threads'
import type { StateAnswer } from '../chainState/stateQuery.ts'
import { createEngine, type EngineOptions } from './engine.ts'
import { openChannel } from './workerChannel.ts'

if (parentPort === null) throw new Error('This is started as a worker, not by hand')
const engine = createEngine({
  ...(workerData as Omit<EngineOptions, 'read'>),
  read: (block, query) => channel.call<StateAnswer>('read', block, query),
})
const channel = openChannel(parentPort, engine)
