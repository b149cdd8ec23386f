// A stretch of time in which honest people use the house and strangers, of a given strength, do what they do.
import type { Hash } from 'viem'
import { familyCpuMilliseconds } from '../bench/processFamily.ts'
import type { HonestUser } from './honest/honestUser.ts'
import type { House } from './house.ts'
import type { Landings } from './landings.ts'
import type { Stranger } from './strangers/stranger.ts'

export type Phase = {
  readonly name: string
  readonly seconds: number
  /** How many times as often as by itself each stranger acts; 0: not at all. */
  readonly strength: number
}

export type PhaseFigures = {
  readonly phase: Phase
  readonly acknowledged: number
  readonly landed: number
  readonly landedTwice: number
  readonly reverted: number
  /** What honest people were refused, in the words they got. */
  readonly refusals: readonly string[]
  /** From the first question to the acknowledgement: quote, estimate, paymaster and sending. */
  readonly acceptMilliseconds: readonly number[]
  readonly landedSeconds: readonly number[]
  /** By stranger, by outcome. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly daemonCpuMillisecondsPerSecond: number
}

const landingPatienceSeconds = 60
const pauseMilliseconds = 100

export async function runPhase(
  phase: Phase,
  cast: {
    readonly house: House
    readonly honest: readonly HonestUser[]
    readonly strangers: readonly Stranger[]
    readonly landings: Landings
    readonly signal: AbortSignal
  },
): Promise<PhaseFigures> {
  const { house, honest, strangers, landings, signal } = cast
  const until = performance.now() + phase.seconds * 1_000
  const goesOn = (): boolean => performance.now() < until && !signal.aborted
  const sent = new Map<Hash, { acceptMilliseconds: number; acknowledgedAt: number }>()
  const refusals: string[] = []
  const outcomes: Record<string, Record<string, number>> = {}
  const cpuBefore = daemonCpu(house)
  const startedAt = performance.now()

  async function live(user: HonestUser): Promise<void> {
    while (goesOn()) {
      try {
        await user.ready()
        const askedAt = performance.now()
        const hash = await user.act()
        const acknowledgedAt = performance.now()
        sent.set(hash, { acceptMilliseconds: acknowledgedAt - askedAt, acknowledgedAt })
        await landed(hash)
      } catch (error) {
        refusals.push(`${user.name}: ${reasonIn(error)}`)
        await pause(1_000)
      }
    }
  }

  async function landed(hash: Hash): Promise<void> {
    const patience = performance.now() + landingPatienceSeconds * 1_000
    while (landings.of(hash) === undefined && performance.now() < patience && !signal.aborted) {
      await pause(pauseMilliseconds)
    }
  }

  /** Acts do not wait for each other: a slow answer is no reason to do less harm. */
  async function harm(stranger: Stranger): Promise<void> {
    const acts = new Set<Promise<void>>()
    const tally: Record<string, number> = {}
    outcomes[stranger.name] = tally
    while (goesOn()) {
      const act = stranger.act().then(
        outcome => {
          tally[outcome] = (tally[outcome] ?? 0) + 1
        },
        error => {
          const outcome = `failed: ${reasonIn(error).slice(0, 60)}`
          tally[outcome] = (tally[outcome] ?? 0) + 1
        },
      )
      acts.add(act)
      void act.finally(() => acts.delete(act))
      await pause(stranger.everyMilliseconds / phase.strength)
    }
    await Promise.all(acts)
  }

  await Promise.all([...honest.map(live), ...(phase.strength > 0 ? strangers.map(harm) : [])])
  const cpu = (daemonCpu(house) - cpuBefore) / ((performance.now() - startedAt) / 1_000)
  const hashes = [...sent.keys()]
  const found = hashes.flatMap(hash => landings.of(hash) ?? [])
  return {
    phase,
    acknowledged: hashes.length,
    landed: found.length,
    landedTwice: found.filter(({ times }) => times > 1).length,
    reverted: found.filter(({ success }) => !success).length,
    refusals,
    acceptMilliseconds: [...sent.values()].map(({ acceptMilliseconds }) => acceptMilliseconds),
    landedSeconds: hashes.flatMap(hash => {
      const landing = landings.of(hash)
      const { acknowledgedAt = 0 } = sent.get(hash) ?? {}
      return landing === undefined ? [] : [Math.max(0, landing.seenAt - acknowledgedAt) / 1_000]
    }),
    outcomes,
    daemonCpuMillisecondsPerSecond: cpu,
  }
}

function daemonCpu({ devnet: { processIds } }: House): number {
  return ['bundler', 'paymaster'].reduce((sum, name) => sum + familyCpuMilliseconds(processIds[name] ?? 0), 0)
}

function reasonIn(error: unknown): string {
  const { details, shortMessage, message } = error as {
    details?: string
    shortMessage?: string
    message?: string
  }
  return details ?? shortMessage ?? message ?? String(error)
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, milliseconds))
}
