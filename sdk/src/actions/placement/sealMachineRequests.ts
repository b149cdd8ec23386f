// Seals a request for every machine of a plan to its own provider, each with an access key of its own that is kept before
// anything is sent.
import type { Address, Client, Hex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { WithContracts } from '../../chains/computeContracts.ts'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import type { AccessKeyStore } from '../../sealing/accessKeyStore.ts'
import type { RentalRequest } from '../../sealing/rentalRequest.ts'
import { sealRentalRequest } from '../lease/sealRentalRequest.ts'
import type { PlannedMachine } from './plan.ts'

export type MachineRequests = {
  /** What the machines are to run, for each provider's eyes alone; the same for all, or for each by its place. */
  readonly request?: RentalRequest | ((machine: PlannedMachine, index: number) => RentalRequest) | undefined
  /** Makes and keeps a key for each machine, which its access is sealed to. Default: an access that all can read. */
  readonly accessKeys?: AccessKeyStore | undefined
}

/** Undefined: nothing is to be sealed. */
export async function sealMachineRequests(
  client: Client | SmartAccountClient,
  parameters: WithContracts &
    MachineRequests & {
      readonly machines: readonly PlannedMachine[]
      readonly account: Address | SmartAccount
    },
): Promise<readonly Hex[] | undefined> {
  const { contracts, machines, account, request = {}, accessKeys } = parameters
  if (accessKeys === undefined) {
    if (typeof request === 'object' && Object.keys(request).length === 0) return undefined
    throw new ComputeError({
      problem:
        'There is a request to seal, and no place to keep the keys that the machines are reached with.',
      remedy: 'Give `accessKeys: accessKeyStore({ storage })` beside it.',
    })
  }
  const sealed: Hex[] = []
  for (const [index, machine] of machines.entries()) {
    const { publicKey: accessPublicKey } = await accessKeys.create()
    const own = typeof request === 'function' ? request(machine, index) : request
    const { offerId } = machine
    sealed.push(
      await sealRentalRequest(client, { contracts, offerId, accessPublicKey, request: own, account }),
    )
  }
  return sealed
}
