// A thread that does nothing but run validations; the node is asked by the thread that started it.
import { parentPort, workerData } from 'node:worker_threads'
import type { StateAnswer } from '../../chainState/stateQuery.ts'
import { createLocalEngine, type LocalEngineOptions } from './localEngine.ts'
import { openChannel } from './workerChannel.ts'

if (parentPort === null) throw new Error('This is started as a worker, not by hand')
const engine = createLocalEngine({
  ...(workerData as Omit<LocalEngineOptions, 'read'>),
  read: (block, query) => channel.call<StateAnswer>('read', block, query),
})
const channel = openChannel(parentPort, engine)
