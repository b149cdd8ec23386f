// `status`: how the machines stand. It needs no key; the way into a machine opens by the keys in the state file.

import type { PlacementStatus } from '../../actions/placement/getPlacement.ts'
import type { ComputeReadClient } from '../../clients/createComputeReadClient.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { LeaseAccess } from '../../sealing/leaseAccess.ts'
import { networkOf, readClientOf } from './network.ts'
import { defaultStateFile } from './rentCommand.ts'
import { showStatus } from './showStatus.ts'
import { openStateFile, type StateFile } from './stateFile.ts'
import { type Surroundings, say } from './surroundings.ts'
import { toJson } from './toJson.ts'

export async function statusCommand(surroundings: Surroundings): Promise<number> {
  const { flags } = surroundings
  const client = readClientOf(networkOf(flags))
  const file = openStateFile(flags['state-file'] ?? defaultStateFile)
  const { placement, sending } = file.read()
  if (placement === undefined) {
    throw new ComputeError({
      problem:
        sending === undefined
          ? `The file ${file.path} holds no placement.`
          : 'What was rented is not known to have landed.',
      remedy: 'Rent by worldland-rent rent, or give the --state-file that it wrote.',
    })
  }
  const status = await client.getPlacement({ placement })
  const ways = await waysInto(client, file, { status, fromBlock: placement.fromBlock })
  say(
    surroundings,
    flags.json ? toJson({ ...status, ways: Object.fromEntries(ways) }) : showStatus(placement, status, ways),
  )
  return 0
}

async function waysInto(
  client: ComputeReadClient,
  { accessKeys }: StateFile,
  { status, fromBlock }: { readonly status: PlacementStatus; readonly fromBlock: bigint },
): Promise<ReadonlyMap<number, string>> {
  const ready = status.machines.filter(({ lease }) => lease.state === 'ready')
  const ways = await Promise.all(
    ready.map(async ({ index, lease: { leaseId } }) => {
      const opened = await client.openLeaseAccess({ leaseId, accessKey: accessKeys, fromBlock })
      if (!opened.ok) return [index, opened.problem] as const
      const way = wayIn(opened.access)
      return [index, way] as const
    }),
  )
  return new Map(ways)
}

/** Secrets are shown to whoever holds the key that they were sealed to. */
function wayIn({ ssh, urls = [], token, note }: LeaseAccess): string {
  const password = ssh?.password === undefined ? '' : ` (password ${ssh.password})`
  return [
    ...(ssh === undefined ? [] : [`ssh -p ${ssh.port} ${ssh.user}@${ssh.host}${password}`]),
    ...urls.map(({ url }) => (token === undefined ? url : `${url}#token=${token}`)),
    // Such as where the terminal is.
    ...(note === undefined ? [] : [note]),
  ].join('; ')
}
