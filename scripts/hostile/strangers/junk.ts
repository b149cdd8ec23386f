// Bodies that are large, deep or many, and mean nothing.
import type { Caller } from '../caller.ts'
import type { Stranger } from './stranger.ts'

const bodies: readonly (() => string)[] = [
  () => `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  () => JSON.stringify(Array.from({ length: 60_000 }, (_, index) => index)),
  () =>
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_sendUserOperation', params: ['0'.repeat(900_000)] }),
  () =>
    JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'eth_chainId' }))),
  () => '{"jsonrpc":"2.0"',
]

export function junk(caller: Caller): Stranger {
  let acts = 0
  return {
    name: 'junk',
    everyMilliseconds: 500,
    async act() {
      const body = bodies[acts++ % bodies.length] as () => string
      try {
        const response = await caller.post(body())
        await response.text()
        return `answered ${response.status}`
      } catch {
        return 'closed'
      }
    },
  }
}
