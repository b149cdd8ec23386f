// How a contract's custom error is put into words: what happened, and what to do about it.
import type { Abi, ContractErrorArgs, ContractErrorName } from 'viem'

export type Sentence = {
  /** What is wrong, with the figures. */
  readonly problem: string
  /** How to mend it. */
  readonly remedy: string
}

export type SentenceWriter<abi extends Abi, name extends ContractErrorName<abi>> = (
  args: ContractErrorArgs<abi, name>,
) => Sentence

/** One writer for each of the named errors; the compiler sees to it that none is missing. */
export type Sentences<abi extends Abi, names extends ContractErrorName<abi>> = {
  readonly [name in names]: SentenceWriter<abi, name>
}
