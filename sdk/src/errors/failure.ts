// A failure that is understood: who said no, under what name, and in words.
import type { Sentence } from './sentences/sentence.ts'

/** `sdk`: an action that saw by itself that it would not do. */
export type FailureSource = 'sdk' | 'contract' | 'bundler' | 'paymaster' | 'node' | 'network' | 'wallet'

export type Failure = Sentence & {
  readonly source: FailureSource
  /** For programs: a contract's custom error, a reason, a rule of ERC-7562, an AAxx code. */
  readonly errorName: string | undefined
}
