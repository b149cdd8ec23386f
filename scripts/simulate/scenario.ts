// What is simulated: how many bundlers, how they behave, what befalls them, and by which rules they play.
import type { Calibration } from './calibration.ts'

export const misbehaviours = [
  /** Never there. */
  'offline',
  /** Dies in each window that it leads: in turns before and after it has broadcast what it committed to. */
  'dying',
  /** Sends whatever it knows at once, above the others' price, whoever's turn it is. */
  'greedy',
  /** The same, but out of turn only what no paymaster reports. */
  'sly',
  /** Greedy, and not registered: nothing can be taken from it. */
  'outsider',
  /** Promises, and keeps to itself what it is given. */
  'withholding',
  /** Signs two commits for each bundle. */
  'equivocating',
  /** Its node is some blocks behind. */
  'lagging',
] as const

export type Misbehaviour = (typeof misbehaviours)[number]
export type Behaviour = 'honest' | Misbehaviour

export type Scenario = {
  readonly bundlers: number
  /** In which operations arrive; it goes on until all have landed, or for a while. */
  readonly blocks: number
  readonly seed: number
  /** How many of the bundlers behave so. */
  readonly counts: Readonly<Record<Misbehaviour, number>>
  readonly lagBlocks: number
  /** Whether bundles go through BundleGuard. */
  readonly hasGuard: boolean
  readonly hasTip: boolean
  readonly hasStrike: boolean
  readonly hasPromises: boolean
  /** Whether who is in turn offers all that operations pay, while others take them out of turn. */
  readonly hasOutbidding: boolean
  /** Nobody is staked. */
  readonly isOpen: boolean
  /** The bundlers hear of their own half only, for so many blocks. */
  readonly partition: Span | undefined
  /** Two chains grow for so many blocks, and the one that half of them stand on goes. */
  readonly reorg: Span | undefined
  /** Blocks after the first possible one in which an epoch is rolled. */
  readonly rollDelayBlocks: number
  /** `full`: the node's mempool with its database, one each; else its pool in memory. */
  readonly mempool: 'pool' | 'full'
  readonly calibration: Calibration
}

/** Counted from the first simulated block. */
export type Span = { readonly atBlock: number; readonly blocks: number }

export const everybodyHonest: Scenario['counts'] = {
  offline: 0,
  dying: 0,
  greedy: 0,
  sly: 0,
  outsider: 0,
  withholding: 0,
  equivocating: 0,
  lagging: 0,
}

/** Behaviours by place; spread over the places, so that no kind sits at one end. */
export function behavioursOf({ bundlers, counts }: Scenario): readonly Behaviour[] {
  const wanted = misbehaviours.flatMap(kind => Array.from({ length: counts[kind] }, () => kind))
  const behaviours = new Array<Behaviour>(bundlers).fill('honest')
  for (const [index, kind] of wanted.entries()) {
    behaviours[Math.floor(((index + 0.5) * bundlers) / wanted.length)] = kind
  }
  return behaviours
}
