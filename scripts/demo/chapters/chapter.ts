// What every chapter of the full story is given, and what is left of it.
import type { DevnetFile } from '../../devnet/startDevnet.ts'
import type { Step, Steps } from '../steps.ts'
import type { Cast, StoryOffers } from './cast.ts'
import type { ChapterBooks } from './ledger.ts'
import type { ServingAgent } from './servingAgent.ts'

export type ChapterStage = {
  readonly network: DevnetFile
  readonly cast: Cast
  readonly offers: StoryOffers
  readonly agent: ServingAgent
  readonly steps: Steps
  readonly signal: AbortSignal
}

export type ToldChapter = {
  readonly name: string
  readonly title: string
  readonly steps: readonly Step[]
  readonly books: ChapterBooks
}
