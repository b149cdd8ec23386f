// The fees of a chain that others use too: now and then the base fee is many times what it was, and falls again.
import type { TestClient } from 'viem'
import { createTestClient, http, parseGwei } from 'viem'
import { worldLand } from 'viem/chains'

export type Weather = { stop(): void }

const everyMilliseconds = 20_000
const riseWei = parseGwei('12')

export function startWeather(rpcUrl: string, onError: (error: unknown) => void): Weather {
  const client: TestClient = createTestClient({ mode: 'anvil', chain: worldLand, transport: http(rpcUrl) })
  const timer = setInterval(() => {
    client.setNextBlockBaseFeePerGas({ baseFeePerGas: riseWei }).catch(onError)
  }, everyMilliseconds)
  return { stop: () => clearInterval(timer) }
}
