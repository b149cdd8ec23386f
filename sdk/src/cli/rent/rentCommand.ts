// `rent`: plans, shows the price, asks, and rents all of it by one signature.
import { getBlockNumber } from 'viem/actions'
import { getGasQuote } from '../../actions/operation/getGasQuote.ts'
import { gasPerOperation } from '../../actions/operation/quoteGasAllowance.ts'
import type { PlacementPlan } from '../../actions/placement/plan.ts'
import type { RentMachinesParameters } from '../../actions/placement/rentMachines.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { confirm } from './confirm.ts'
import { needsOfFlags } from './needsOfFlags.ts'
import { networkOf, type Renter, renterOf } from './network.ts'
import { digestOfFlags, requestOfFlags } from './requestOfFlags.ts'
import { sendKept } from './sendKept.ts'
import { settleSending } from './settleSending.ts'
import { showPlan } from './showPlan.ts'
import { openStateFile, type StateFile } from './stateFile.ts'
import { withStateLock } from './stateLock.ts'
import { type Surroundings, say } from './surroundings.ts'
import { tokensOf } from './table.ts'

export const defaultStateFile = './worldland-rent.json'

export async function rentCommand(surroundings: Surroundings): Promise<number> {
  const path = surroundings.flags['state-file'] ?? defaultStateFile
  return await withStateLock(path, async () => await rentAll(surroundings, openStateFile(path)))
}

async function rentAll(surroundings: Surroundings, file: StateFile): Promise<number> {
  const { flags, environment } = surroundings
  const needs = needsOfFlags(flags)
  const [request, imageDigest] = [requestOfFlags(flags), digestOfFlags(flags)]
  const network = networkOf(flags)
  const renter = await renterOf(network, flags, environment)
  await refuseIfRunning(renter, file)
  const placement = await renter.planRental(needs)
  say(surroundings, showPlan(placement, { all: flags.all ?? false }))
  if (!placement.ok) return 1
  const { plan } = placement
  await sayWhoPays(renter, { plan, contracts: network.contracts }, surroundings)
  if (flags.yes !== true && !(await confirm('Rent these machines?', surroundings))) return 1
  await send(renter, file, { plan, request, imageDigest })
  const rented = await settleSending(renter, file)
  const ids = rented?.leaseIds.map(([leaseId]) => leaseId) ?? []
  const leases = `${ids.length === 1 ? 'lease' : 'leases'} ${ids.join(', ')}`
  say(surroundings, `Rented: ${leases}. worldland-rent status says when they are ready.`)
  return 0
}

/** An account that lacks the tokens is told all of what it lacks, gas too, before anything is asked or sent. */
async function sayWhoPays(
  renter: Renter,
  { plan, contracts }: { readonly plan: PlacementPlan; readonly contracts: ComputeContracts },
  surroundings: Surroundings,
): Promise<void> {
  const holder = renter.account.address
  const gas = 2n * gasPerOperation * BigInt(plan.machines.length) // to rent, and to stop
  const [balanceWei, gasQuote] = await Promise.all([
    renter.getTokenBalance({ holder }),
    getGasQuote(renter, { contracts, gas }),
  ])
  const wanted = `${tokensOf(plan.maximumCostWei)} for the time and at most ${tokensOf(gasQuote.tokenWei)} for gas`
  if (balanceWei >= plan.maximumCostWei) {
    return say(
      surroundings,
      `\n${holder} pays. It holds ${tokensOf(balanceWei)} tokens: ${wanted} are needed.`,
    )
  }
  const missingWei = plan.maximumCostWei + gasQuote.tokenWei - balanceWei
  throw new ComputeError({
    problem: `${holder} would pay, and holds ${tokensOf(balanceWei)} tokens: ${wanted} are needed.`,
    remedy: `Send it ${tokensOf(missingWei)} tokens, or wrap as much coin for it: wrapCoin({ amountWei, to: '${holder}' }).`,
  })
}

/** What is about to be sent is kept first: a command that is stopped in between must not rent twice. */
async function send(
  renter: Renter,
  file: StateFile,
  rental: Pick<RentMachinesParameters, 'request' | 'imageDigest'> & { readonly plan: PlacementPlan },
): Promise<void> {
  const { plan } = rental
  const fromBlock = await getBlockNumber(chainClientOf(renter), { cacheTime: 0 })
  await sendKept(file, async () => {
    file.change({ sending: { plan, fromBlock }, placement: undefined })
    const hash = await renter.rentMachines({ ...rental, accessKeys: file.accessKeys })
    return { plan, fromBlock, hash }
  })
}

async function refuseIfRunning(renter: Renter, file: StateFile): Promise<void> {
  const placement = await settleSending(renter, file)
  if (placement === undefined) return
  const { machines } = await renter.getPlacement({ placement })
  if (machines.every(({ condition }) => condition === 'ended')) return
  throw new ComputeError({
    problem: `The file ${file.path} holds a placement whose machines have not all ended.`,
    remedy: 'Give another --state-file for another placement; status, replace and stop look after this one.',
  })
}
