// Who is meant by `block`: an account, a factory, or whoever calls from an address of the network.
import { isIP } from 'node:net'
import { networkOf } from '@worldland-aa/service/http/callers'
import { isAddress } from 'viem'

/** As the brake knows it; undefined when it is none. */
export function readWho(written: string): string | undefined {
  const value = written.trim()
  if (isIP(value) !== 0) return networkOf(value.toLowerCase())
  if (/^0x[0-9a-fA-F]{40}$/.test(value)) return isAddress(value) ? value.toLowerCase() : undefined
  return undefined
}
