// One bundler of the model: what it is, and what only it knows.
import type { Transaction } from '../chain/block.ts'
import type { Behaviour } from '../scenario.ts'
import type { WaitingRoom } from './waitingRoom.ts'

/** A nonce of one of its executors, and all that was signed for it. */
export type Flight = {
  /** Of its executors. */
  readonly executor: number
  readonly nonce: number
  /** Newest last. */
  readonly attempts: Transaction[]
  /** False where it died before it could send the newest. */
  isBroadcast: boolean
}

export type BundlerNode = {
  readonly place: number
  /** In the registry; 0: not registered. */
  readonly id: number
  readonly behaviour: Behaviour
  /** Blocks by which its view of the chain is late. */
  readonly lagBlocks: number
  /** Made when it is first needed: most of a thousand nodes sleep. */
  room: WaitingRoom | undefined
  flights: Flight[]
  readonly nextNonces: number[]
  /** Heights from which and up to which it is down. */
  down: { readonly sinceSeconds: number; readonly untilHeight: number } | undefined
  readonly downtimes: { readonly from: number; readonly to: number }[]
  /** Window in which it died last. */
  diedInWindow: bigint
  /** Windows it has died in. */
  deaths: number
}

export function createBundlerNode(options: {
  place: number
  behaviour: Behaviour
  lagBlocks: number
  executors: number
}): BundlerNode {
  const { place, behaviour } = options
  return {
    place,
    behaviour,
    id: behaviour === 'outsider' ? 0 : place + 1,
    lagBlocks: behaviour === 'lagging' ? options.lagBlocks : 0,
    room: undefined,
    flights: [],
    nextNonces: new Array<number>(options.executors).fill(0),
    down: undefined,
    downtimes: [],
    diedInWindow: -1n,
    deaths: 0,
  }
}

/** Whether it sends whatever it can, whoever's turn it is. */
export function isGreedy({ behaviour }: BundlerNode): boolean {
  return behaviour === 'greedy' || behaviour === 'sly' || behaviour === 'outsider'
}

export function isAway({ behaviour, down }: BundlerNode): boolean {
  return behaviour === 'offline' || down !== undefined
}

export function newestOf({ attempts }: Flight): Transaction {
  const newest = attempts.at(-1)
  if (newest === undefined) throw new Error('A flight without a transaction')
  return newest
}
