// What is asked of the chain once per block and subject. How much may be asked in one block has an end, and strangers have an
// allowance of their own: whatever they name, there is room for who is known.
import { Outage } from '@worldland-aa/service/outage'
import type { Hex } from 'viem'

export type AskedOnce = <Value>(
  subject: { readonly name: string; readonly isKnown: () => boolean },
  ask: (block: { readonly blockHash: Hex }) => Promise<Value>,
) => Promise<Value>

export type Allowances = { readonly mostKnown: number; readonly mostStrange: number }

type OfBlock = {
  readonly hash: Hex
  readonly answers: Map<string, Promise<unknown>>
  readonly known: Set<string>
}

export function createAskedOnce(headHash: () => Hex, allowances: Allowances): AskedOnce {
  let at: OfBlock | undefined

  return (subject, ask) => {
    const { name } = subject
    const hash = headHash()
    if (at?.hash !== hash) at = { hash, answers: new Map(), known: new Set() }
    const { answers, known } = at
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
