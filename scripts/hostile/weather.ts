// The fees of a chain that others use too: the base fee rises for a while as fast as EIP-1559 lets it, and falls again.

import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createTestClient, http, publicActions } from 'viem'

export type Weather = { stop(): void }

const lookMilliseconds = 250
/** So much that the base fee is tenfold at the end. */
const blocksOneWay = 20n
/** A little less than an eighth, which is the most from one block to the next. */
const step = 8n

export function startWeather(rpcUrl: string, onError: (error: unknown) => void): Weather {
  const client = createTestClient({ mode: 'anvil', chain: worldland, transport: http(rpcUrl) }).extend(
    publicActions,
  )
  let last = 0n
  let isLooking = false

  async function look(): Promise<void> {
    const { number, baseFeePerGas } = await client.getBlock({ blockTag: 'latest' })
    if (number === last) return
    last = number
    const wei = baseFeePerGas ?? 0n
    const isRising = (number / blocksOneWay) % 2n === 0n
    await client.setNextBlockBaseFeePerGas({
      baseFeePerGas: isRising ? wei + wei / (step + 1n) + 1n : wei - wei / (step + 2n),
    })
  }

  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    look()
      .catch(onError)
      .finally(() => {
        isLooking = false
      })
  }, lookMilliseconds)
  return { stop: () => clearInterval(timer) }
}
