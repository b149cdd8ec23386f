// Lets debug_traceCall run at another time than that of the block whose state it runs on.
import { type Hex, numberToHex } from 'viem'

export function timeOverride(timestamp: bigint | undefined): { blockOverrides?: { time: Hex } } {
  return timestamp === undefined ? {} : { blockOverrides: { time: numberToHex(timestamp) } }
}
