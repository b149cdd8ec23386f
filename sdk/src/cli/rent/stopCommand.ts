// `stop`: stops all machines by one signature and says what came back.
import { ComputeError } from '../../errors/computeError.ts'
import { confirm } from './confirm.ts'
import { networkOf, renterOf } from './network.ts'
import { defaultStateFile } from './rentCommand.ts'
import { settleSending } from './settleSending.ts'
import { openStateFile, type StateFile } from './stateFile.ts'
import { withStateLock } from './stateLock.ts'
import { type Surroundings, say } from './surroundings.ts'
import { tokensOf } from './table.ts'

export async function stopCommand(surroundings: Surroundings): Promise<number> {
  const path = surroundings.flags['state-file'] ?? defaultStateFile
  return await withStateLock(path, async () => await stopAll(surroundings, openStateFile(path)))
}

async function stopAll(surroundings: Surroundings, file: StateFile): Promise<number> {
  const { flags, environment } = surroundings
  const renter = await renterOf(networkOf(flags), flags, environment)
  const placement = await settleSending(renter, file)
  if (placement === undefined) {
    throw new ComputeError({
      problem: `The file ${file.path} holds no placement.`,
      remedy: 'Nothing is to be stopped.',
    })
  }
  if (flags.yes !== true && !(await confirm('Stop all machines?', surroundings))) return 1
  await renter.waitForUserOperation({ hash: await renter.stopMachines({ placement }) })
  const { spentWei, machines } = await renter.getPlacement({ placement })
  const refundWei = machines.reduce((sum, { lease }) => sum + lease.refundWei, 0n)
  say(
    surroundings,
    `Stopped. The placement cost ${tokensOf(spentWei)} tokens in all; the last leases gave ${tokensOf(refundWei)} back.`,
  )
  return 0
}
