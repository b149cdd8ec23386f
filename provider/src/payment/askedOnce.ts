// What is asked of the chain once per block and subject. How much may be asked in one block has an end, and strangers have an
// allowance of their own: whatever they name, there is room for who is known.
import { Outage } from '@worldland-aa/service/outage'
import type { Hex } from 'viem'

export type AskOnce = <Value>(
  subject: { readonly name: string; readonly isKnown: () => boolean },
  ask: (block: { readonly blockHash: Hex }) => Promise<Value>,
) => Promise<Value>

/** Asks at a block; what was asked at the same one before is not asked anew. */
export type AskedOnce = (headHash: () => Hex) => AskOnce

export type Allowances = { readonly mostKnown: number; readonly mostStrange: number }

type OfBlock = {
  readonly hash: Hex
  readonly answers: Map<string, Promise<unknown>>
  readonly known: Set<string>
}

/** That by which requests are judged, and the next. */
const mostBlocks = 2

export function createAskedOnce(allowances: Allowances): AskedOnce {
  let blocks: readonly OfBlock[] = []

  function blockOf(hash: Hex): OfBlock {
    const present = blocks.find(block => block.hash === hash)
    if (present !== undefined) return present
    const block = { hash, answers: new Map(), known: new Set<string>() }
    blocks = [block, ...blocks].slice(0, mostBlocks)
    return block
  }

  return headHash => (subject, ask) => {
    const { name } = subject
    const { hash, answers, known } = blockOf(headHash())
    const before = answers.get(name)
    if (before !== undefined) return before as ReturnType<typeof ask>
    const isKnown = subject.isKnown()
    const isFull = isKnown
      ? known.size >= allowances.mostKnown
      : answers.size - known.size >= allowances.mostStrange
    if (isFull) {
      throw new Outage(
        'Too much was asked of the chain in this block: try again in a few seconds',
        `too many subjects in one block, of ${isKnown ? 'known lanes' : 'strangers'}`,
      )
    }
    const answer = ask({ blockHash: hash })
    answers.set(name, answer)
    if (isKnown) known.add(name)
    answer.catch(() => {
      answers.delete(name)
      known.delete(name)
    })
    return answer
  }
}
