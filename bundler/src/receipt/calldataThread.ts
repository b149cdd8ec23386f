// The thread itself: looks through one calldata after the other.
import { parentPort, workerData } from 'node:worker_threads'
import type { Hex } from 'viem'
import { entryPointVersions } from '../entryPoint/entryPointVersions.ts'
import { openChannel } from '../execution/workerChannel.ts'
import { bundledOperations } from './bundledOperations.ts'
import type { CalldataDomain, FoundOperations } from './calldataReader.ts'

if (parentPort === null) throw new Error('This is started as a worker, not by hand')
const domain = workerData as CalldataDomain
const version = entryPointVersions[domain.entryPointVersion]

openChannel(parentPort, {
  operationsIn: (calldata: Hex): FoundOperations => bundledOperations(calldata, version, domain).operations,
})
