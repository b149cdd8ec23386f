// LOG0 to LOG4.

import { hexOf } from '@worldland-aa/service/crypto/bytes'
import type { Hex } from 'viem'
import { limbs, readHex, readIndex } from '../words.ts'
import type { Instruction } from './instruction.ts'

const topicGas = 375
const byteGas = 8

/** Its first 375 gas are taken as for any instruction. */
export function log(topicCount: number): Instruction {
  return (frame, { journal }) => {
    const { words, top } = frame
    const offset = readIndex(words, top)
    const length = readIndex(words, top - limbs)
    if (!frame.charge(topicGas * topicCount + byteGas * length) || !frame.reach(offset, length)) return
    if (!frame.mayWrite()) return
    const topics: Hex[] = []
    for (let topic = 0; topic < topicCount; topic++) topics.push(readHex(words, top - (2 + topic) * limbs))
    frame.top = top - (2 + topicCount) * limbs
    const data = hexOf(frame.memorySlice(offset, length))
    journal.addLog({ address: frame.address, topics, data })
  }
}
