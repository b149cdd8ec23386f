// Judges machines by the process table and the chain alone: what is paid runs, as the same process all the while; what is
// not paid stands still within some blocks. What the daemon says of itself is not asked.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { leaseIdOf } from '@worldland-aa/provider/leases/machineSpec'
import { hasVariable, readProcess } from '@worldland-aa/provider/machines/process/processTable'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { PublicClient } from 'viem'

export type MachineWatch = {
  /** Called before the chain is changed and after; and all the time. One after the other. */
  look(): Promise<void>
  /** The newest so many blocks were replaced. */
  reorganised(depth: number): void
  /** The daemon was away, or its node was: what follows is counted from here. */
  disturbed(): void
  /** In words, of all that was seen so far. */
  readonly faults: readonly string[]
  readonly seen: { samples: number; runningWhilePaid: number; stillWhileUnpaid: number; rentals: Set<string> }
  /** Calm blocks that an unpaid machine ran on at most, and a paid one stood still. */
  readonly longest: { unpaidBlocks: number; stillBlocks: number }
}

type Sample = {
  readonly isRunning: boolean
  readonly pid: number
  readonly rental: string
  readonly ticks: number
}

type Track = {
  /** Ordinal of the last block in which the chain did not have it paid. */
  unpaidAt: number
  isPaid: boolean
  /** Paid, or accepted and about to be handed over. */
  mayRun: boolean
  /** Ordinal of the first block in which it was over; undefined while it is not. */
  overAt: number | undefined
  wasRunning: boolean
  /** Ordinals of the blocks from which on it was seen to run unpaid, and to stand still paid, in calm; undefined: it is not so. */
  runsUnpaidSince: number | undefined
  standsPaidSince: number | undefined
  /** Of the rental that runs: which process, and how far it has counted. */
  rental: string
  pid: number
  ticks: number
}

/** Blocks that a daemon may take to hear of a block and to act on it. */
const reactionBlocks = 12
/** Of a lease that is over so long, and has no machine, nothing more is read. */
const memoryBlocks = 40

export function createMachineWatch(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly machinesFolder: string
  /** Whose machine it should be, where the chain has a lease under the number. */
  readonly rentalOf: (leaseId: bigint) => string | undefined
  readonly isCalm: () => boolean
}): MachineWatch {
  const { client, contracts, machinesFolder } = options
  const tracks = new Map<bigint, Track>()
  const faults: string[] = []
  const seen = { samples: 0, runningWhilePaid: 0, stillWhileUnpaid: 0, rentals: new Set<string>() }
  const longest = { unpaidBlocks: 0, stillBlocks: 0 }
  let lastBlock: bigint | undefined
  let blocks = 0
  let turn: Promise<void> = Promise.resolve()

  function trackOf(leaseId: bigint): Track {
    const track = tracks.get(leaseId) ?? {
      ...{ unpaidAt: blocks, isPaid: false, mayRun: false, overAt: undefined },
      ...{ wasRunning: false, runsUnpaidSince: undefined, standsPaidSince: undefined },
      ...{ rental: '', pid: 0, ticks: 0 },
    }
    tracks.set(leaseId, track)
    return track
  }

  async function readBlock(blockNumber: bigint, samples: ReadonlyMap<bigint, Sample>): Promise<void> {
    blocks++
    for (const leaseId of new Set([...samples.keys(), ...tracks.keys()])) {
      const track = trackOf(leaseId)
      if (blocks - (track.overAt ?? blocks) > memoryBlocks && !samples.has(leaseId)) continue
      const lease = await getLease(client, { contracts, leaseId, blockNumber }).catch(() => undefined)
      track.isPaid = lease !== undefined && isPaid(lease)
      track.mayRun = track.isPaid || lease?.state === 'accepted'
      track.overAt = track.mayRun || lease?.state === 'locked' ? undefined : (track.overAt ?? blocks)
      if (!track.isPaid) track.unpaidAt = blocks
      if (track.mayRun) track.runsUnpaidSince = undefined
      if (!track.isPaid) track.standsPaidSince = undefined
    }
  }

  /** From look to look: how it was in the blocks between two looks that lie far apart is not known. */
  function measure(leaseId: bigint, track: Track, isRunning: boolean): void {
    const isCalm = options.isCalm()
    track.runsUnpaidSince =
      isRunning && !track.mayRun && isCalm ? (track.runsUnpaidSince ?? blocks) : undefined
    track.standsPaidSince =
      !isRunning && track.isPaid && isCalm ? (track.standsPaidSince ?? blocks) : undefined
    const unpaidBlocks = blocks - (track.runsUnpaidSince ?? blocks)
    const stillBlocks = blocks - (track.standsPaidSince ?? blocks)
    longest.unpaidBlocks = Math.max(longest.unpaidBlocks, unpaidBlocks)
    longest.stillBlocks = Math.max(longest.stillBlocks, stillBlocks)
    if (Math.max(unpaidBlocks, stillBlocks) <= reactionBlocks) return
    faults.push(
      unpaidBlocks > 0
        ? `lease ${leaseId}: its machine ran on for ${unpaidBlocks} blocks without being paid`
        : `lease ${leaseId}: its machine stood still for ${stillBlocks} blocks while it was paid`,
    )
    Object.assign(track, { runsUnpaidSince: undefined, standsPaidSince: undefined })
  }

  function judge(leaseId: bigint, sample: Sample | undefined): void {
    const track = trackOf(leaseId)
    const isRunning = sample?.isRunning === true
    seen.samples++
    if (isRunning && track.isPaid) seen.runningWhilePaid++
    if (!isRunning && !track.isPaid && sample !== undefined) seen.stillWhileUnpaid++
    if (track.wasRunning && !isRunning && blocks - track.unpaidAt > reactionBlocks)
      faults.push(`lease ${leaseId}: its machine stopped in the midst of paid time`)
    track.wasRunning = isRunning
    measure(leaseId, track, isRunning)
    if (sample === undefined || !isRunning || !track.isPaid) return
    seen.rentals.add(sample.rental)
    const wanted = options.rentalOf(leaseId)
    if (wanted !== undefined && wanted !== sample.rental && blocks - track.unpaidAt > reactionBlocks)
      faults.push(`lease ${leaseId}: the machine of ${sample.rental} serves ${wanted}`)
    if (track.rental === sample.rental) {
      if (track.pid !== sample.pid)
        faults.push(`lease ${leaseId}: its machine was made anew (${track.pid}, ${sample.pid})`)
      if (sample.ticks < track.ticks)
        faults.push(`lease ${leaseId}: its count fell from ${track.ticks} to ${sample.ticks}`)
    }
    Object.assign(track, { rental: sample.rental, pid: sample.pid, ticks: sample.ticks })
  }

  /** A machine that was looked at long before the chain, on a busy machine, would be held against what came since. */
  async function lookAtOnce(): Promise<{ samples: ReadonlyMap<bigint, Sample>; head: bigint }> {
    const height = () => client.getBlockNumber({ cacheTime: 0 })
    for (let before = await height(); ; ) {
      // The machines first: whatever the daemon can have acted upon is then on the chain that is read.
      const samples = sampleAll(machinesFolder)
      const head = await height()
      if (head <= before + 1n) return { samples, head }
      before = head
    }
  }

  async function look(): Promise<void> {
    const { samples, head } = await lookAtOnce()
    for (let number = (lastBlock ?? head - 1n) + 1n; number <= head; number++)
      await readBlock(number, samples)
    lastBlock = head
    for (const leaseId of new Set([...samples.keys(), ...tracks.keys()])) judge(leaseId, samples.get(leaseId))
  }

  return {
    ...{ faults, seen, longest },
    look() {
      turn = turn.catch(() => undefined).then(look)
      return turn
    },
    reorganised(depth) {
      if (lastBlock !== undefined) lastBlock -= BigInt(depth)
    },
    disturbed() {
      for (const track of tracks.values())
        Object.assign(track, { runsUnpaidSince: undefined, standsPaidSince: undefined })
    },
  }
}

/** Time is paid for, and no ping is overdue. */
function isPaid({ state, usedSeconds, maximumSeconds, ping, blockNumber }: Lease): boolean {
  if (state !== 'ready' && state !== 'paused') return false
  return usedSeconds < maximumSeconds && (ping === undefined || blockNumber <= ping.deadlineBlock)
}

function sampleAll(machinesFolder: string): ReadonlyMap<bigint, Sample> {
  const samples = new Map<bigint, Sample>()
  if (!existsSync(machinesFolder)) return samples
  for (const key of readdirSync(machinesFolder)) {
    const leaseId = leaseIdOf(key)
    const sample = leaseId === undefined ? undefined : sampleOf(join(machinesFolder, key))
    if (leaseId !== undefined && sample !== undefined) samples.set(leaseId, sample)
  }
  return samples
}

/** From proc(5); undefined: it was never up. */
function sampleOf(folder: string): Sample | undefined {
  const pid = Number.parseInt(readOr(join(folder, 'leader')).split('\n')[1] ?? '', 10)
  if (Number.isNaN(pid)) return undefined
  const rental = readOr(join(folder, 'workspace/rental')).trim()
  const entry = readProcess(pid)
  // Numbers are given anew: one that does not carry the rental's mark is another's.
  const isRunning = entry !== undefined && 'RSD'.includes(entry.state) && hasVariable(pid, `RENTAL=${rental}`)
  const ticks = Number(readOr(join(folder, 'workspace/ticks')).split('\n').at(-2) ?? 0)
  return { pid, rental, ticks, isRunning }
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
