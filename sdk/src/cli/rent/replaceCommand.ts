// `replace`: replaces the machines that were lost; with --watch it goes on looking after them.
import { getBlockNumber } from 'viem/actions'
import type { RunningPlacement } from '../../actions/placement/runningPlacement.ts'
import { chainClientOf } from '../../clients/chainClientOf.ts'
import { ComputeError } from '../../errors/computeError.ts'
import { confirm } from './confirm.ts'
import { wholeNumber } from './flags.ts'
import { tokens } from './needsOfFlags.ts'
import { networkOf, type Renter, renterOf } from './network.ts'
import { defaultStateFile } from './rentCommand.ts'
import { digestOfFlags, requestOfFlags } from './requestOfFlags.ts'
import { sendKept } from './sendKept.ts'
import { settleSending } from './settleSending.ts'
import { openStateFile, type StateFile } from './stateFile.ts'
import { withStateLock } from './stateLock.ts'
import { type Surroundings, say } from './surroundings.ts'
import { tokensOf } from './table.ts'

export async function replaceCommand(surroundings: Surroundings): Promise<number> {
  const path = surroundings.flags['state-file'] ?? defaultStateFile
  return await withStateLock(path, async () => await lookAfter(surroundings, openStateFile(path)))
}

async function lookAfter(surroundings: Surroundings, file: StateFile): Promise<number> {
  const { flags, environment } = surroundings
  const renter = await renterOf(networkOf(flags), flags, environment)
  const settled = await settleSending(renter, file)
  if (settled === undefined) {
    throw new ComputeError({ problem: `The file ${file.path} holds no placement.`, remedy: 'Rent first.' })
  }
  const budgetWei = tokens(flags, 'budget') ?? settled.plan.budgetWei
  file.change({ placement: { ...settled, plan: { ...settled.plan, budgetWei } } })
  const replaced = await replaceLost(renter, file, surroundings)
  if (replaced === 0 && flags.watch !== true) say(surroundings, 'No machine is lost.')
  if (replaced === undefined) return 1
  return flags.watch === true ? await watch(renter, file, surroundings) : 0
}

/** Until it is interrupted, a person says no, or nothing more may be replaced. */
async function watch(renter: Renter, file: StateFile, surroundings: Surroundings): Promise<number> {
  const { interrupted } = surroundings
  while (!interrupted.aborted) {
    await nextLook(interrupted)
    try {
      await settleSending(renter, file)
      if (!interrupted.aborted && (await replaceLost(renter, file, surroundings)) === undefined) return 1
    } catch (error) {
      if (!isPassing(error)) throw error
      say(surroundings, error instanceof Error ? error.message : String(error))
    }
  }
  return 0
}

/** A node that does not answer, or an offer that was taken meanwhile, is no reason to leave the machines alone. */
function isPassing(error: unknown): boolean {
  return error instanceof ComputeError && error.source !== 'sdk'
}

/** How many; undefined: the person said no. */
async function replaceLost(
  renter: Renter,
  file: StateFile,
  surroundings: Surroundings,
): Promise<number | undefined> {
  const { flags } = surroundings
  let replaced = 0
  for (;;) {
    const placement = file.read().placement as RunningPlacement
    const { machines, leftWei } = await renter.getPlacement({ placement })
    const lost = machines.find(({ condition, secondsLeft }) => condition === 'lost' && secondsLeft > 0)
    if (lost === undefined) return replaced
    say(
      surroundings,
      `Machine ${lost.index} is lost: ${lost.why}. ${tokensOf(leftWei)} tokens are left for another.`,
    )
    if (flags.yes !== true && !(await confirm('Rent another in its place?', surroundings))) return undefined
    await replaceOne(renter, file, { placement, index: lost.index, surroundings })
    await settleSending(renter, file)
    replaced++
    say(
      surroundings,
      `Machine ${lost.index} is replaced by lease ${file.read().placement?.leaseIds[lost.index]?.at(-1)}.`,
    )
  }
}

async function replaceOne(
  renter: Renter,
  file: StateFile,
  options: { placement: RunningPlacement; index: number; surroundings: Surroundings },
): Promise<void> {
  const { placement, index, surroundings } = options
  const { flags } = surroundings
  const fromBlock = await getBlockNumber(chainClientOf(renter), { cacheTime: 0 })
  await sendKept(file, async () => {
    const { hash, machine } = await renter.replaceMachine({
      placement,
      index,
      request: requestOfFlags(flags),
      imageDigest: digestOfFlags(flags),
      accessKeys: file.accessKeys,
      maximumFailures: wholeNumber(flags, 'maximum-failures'),
      onPlanned: planned => file.change({ sending: { machine: planned, index, fromBlock } }),
    })
    return { machine, index, fromBlock, hash }
  })
}

/** A block comes every ten seconds on average. */
const lookMilliseconds = 5_000

async function nextLook(interrupted: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, lookMilliseconds)
    interrupted.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
